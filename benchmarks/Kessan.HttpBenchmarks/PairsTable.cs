using System.Globalization;

namespace Kessan.HttpBenchmarks;

/// <summary>Runs of the service and of the bare endpoint in turn; the figure is the median of the ratios of the pairs.</summary>
internal static class PairsTable
{
    public static async Task<int> RunAsync(Settings settings)
    {
        using var bare = await ServerProcess.StartAsync("bare");
        using var service = await ServerProcess.StartAsync("service", settings.Traces);
        await Load.SendOnceAsync(service.Port, Load.Put());
        await Load.WarmAsync(bare.Port, settings);
        await Load.WarmAsync(service.Port, settings);

        Console.WriteLine($"GET of an L1 hit, {Servers.Value.Length} bytes, {settings.Connections} connections, {settings.Seconds} s a run, every request traced: {(settings.Traces ? "yes" : "no")}");
        Console.WriteLine("| pair | bare Kestrel, requests/s | cache service, requests/s | ratio | bare, CPU µs | service, CPU µs |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        var ratios = new List<double>();
        for (var pair = 1; pair <= settings.Pairs; pair++)
        {
            // In turn who is first: what slows the machine down slows both.
            var isBareFirst = pair % 2 == 0;
            var first = await MeasureAsync(isBareFirst ? bare : service, settings);
            var second = await MeasureAsync(isBareFirst ? service : bare, settings);
            var (ofBare, ofService) = isBareFirst ? (first, second) : (second, first);
            ratios.Add(ofService.PerSecond / ofBare.PerSecond);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {pair} | {ofBare.PerSecond:F0} | {ofService.PerSecond:F0} | {ratios[^1]:F3} | {ofBare.Processor:F1} | {ofService.Processor:F1} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Median of the ratios: {Median(ratios):F3}"));
        return 0;
    }

    public static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static async Task<(double PerSecond, double Processor)> MeasureAsync(ServerProcess server, Settings settings)
    {
        var before = server.ProcessorTime;
        var result = await Load.RunAsync(server.Port, settings);
        return (result.PerSecond, (server.ProcessorTime - before).TotalMicroseconds / result.Latencies.Length);
    }
}
