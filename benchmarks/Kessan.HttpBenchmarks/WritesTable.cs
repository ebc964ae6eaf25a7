using System.Globalization;

namespace Kessan.HttpBenchmarks;

/// <summary>The latency of reads alone, and while one request in ten writes the same key.</summary>
internal static class WritesTable
{
    public static async Task<int> RunAsync(Settings settings)
    {
        using var service = await ServerProcess.StartAsync("service", settings.Traces);
        await Load.SendOnceAsync(service.Port, Load.Put());
        await Load.WarmAsync(service.Port, settings, 10);

        Console.WriteLine($"Latency of GET in ms, {settings.Connections} connections, {settings.Seconds} s a run");
        Console.WriteLine("| writes | reads/s | p50 | p99 | p99.9 | max |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var writes in (int[])[0, 10])
        {
            var result = await Load.RunAsync(service.Port, settings, writes);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {writes} % | {result.PerSecond:F0} | {result.Percentile(0.5):F3} | {result.Percentile(0.99):F3} | {result.Percentile(0.999):F3} | {result.Percentile(1):F3} |"));
        }

        return 0;
    }
}
