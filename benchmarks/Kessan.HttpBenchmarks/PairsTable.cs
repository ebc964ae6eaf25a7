using System.Globalization;

namespace Kessan.HttpBenchmarks;

/// <summary>
/// Runs of the service and of the endpoints that it is compared with, in turn; the figures are the medians of the ratios within a round.
/// </summary>
internal static class PairsTable
{
    private static readonly string[] Names = ["bare", "same-bytes", "furnished", "service"];

    public static async Task<int> RunAsync(Settings settings)
    {
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var name in Names)
            {
                servers.Add(await ServerProcess.StartAsync(name, settings.Traces));
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
        Console.WriteLine($"| round | {string.Join(" | ", Names.Select(name => $"{name}, requests/s (CPU us)"))} |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: |");
        List<double[]> rates = [];
        for (var round = 1; round <= settings.Pairs; round++)
        {
            // In turn who is first: what slows the machine down slows all.
            var cells = new string[Names.Length];
            rates.Add(new double[Names.Length]);
            for (var i = 0; i < Names.Length; i++)
            {
                var turn = (i + round) % Names.Length;
                (rates[^1][turn], var processor) = await MeasureAsync(servers[turn], settings);
                cells[turn] = string.Create(CultureInfo.InvariantCulture, $"{rates[^1][turn]:F0} ({processor:F1})");
            }

            Console.WriteLine($"| {round} | {string.Join(" | ", cells)} |");
        }

        foreach (var (one, other) in ((int, int)[])[(3, 0), (3, 1), (3, 2), (2, 0), (1, 0)])
        {
            List<double> ratios = [.. rates.Select(round => round[one] / round[other])];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Names[one]} to {Names[other]}: {Median(ratios):F3} ({ratios.Min():F3} to {ratios.Max():F3})"));
        }
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
