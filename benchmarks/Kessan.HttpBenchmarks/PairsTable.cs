using System.Globalization;

namespace Kessan.HttpBenchmarks;

/// <summary>
/// Runs of the service, of the bare endpoint and of the same endpoint with the service's telemetry and header fields, in turn; the figure is the
/// median of the ratios within a round.
/// </summary>
internal static class PairsTable
{
    private static readonly string[] Names = ["bare", "furnished", "service"];

    public static async Task<int> RunAsync(Settings settings)
    {
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var name in Names)
            {
                servers.Add(await ServerProcess.StartAsync(name, settings.Traces && name != "bare"));
                if (name == "service") await Load.SendOnceAsync(servers[^1].Port, Load.Put());
                await Load.WarmAsync(servers[^1].Port, settings);
            }

            await MeasureAsync(servers, settings);
            return 0;
        }
        finally
        {
            foreach (var server in servers) server.Dispose();
        }
    }

    private static async Task MeasureAsync(List<ServerProcess> servers, Settings settings)
    {
        Console.WriteLine($"GET of an L1 hit, {Servers.Value.Length} bytes, {settings.Connections} connections, {settings.Seconds} s a run, every request traced: {(settings.Traces ? "yes" : "no")}");
        Console.WriteLine("| round | bare Kestrel, requests/s | furnished, requests/s | service, requests/s | furnished to bare | service to bare | service to furnished | CPU µs of each |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        List<double> furnished = [], service = [], cache = [];
        for (var round = 1; round <= settings.Pairs; round++)
        {
            // In turn who is first: what slows the machine down slows all.
            var rates = new double[Names.Length];
            var processor = new double[Names.Length];
            for (var i = 0; i < Names.Length; i++)
            {
                var turn = (i + round) % Names.Length;
                (rates[turn], processor[turn]) = await MeasureAsync(servers[turn], settings);
            }

            furnished.Add(rates[1] / rates[0]);
            service.Add(rates[2] / rates[0]);
            cache.Add(rates[2] / rates[1]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {round} | {rates[0]:F0} | {rates[1]:F0} | {rates[2]:F0} | {furnished[^1]:F3} | {service[^1]:F3} | {cache[^1]:F3} | {processor[0]:F1}, {processor[1]:F1}, {processor[2]:F1} |"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Medians of the ratios: furnished to bare {Median(furnished):F3}, service to bare {Median(service):F3}, service to furnished {Median(cache):F3}"));
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
