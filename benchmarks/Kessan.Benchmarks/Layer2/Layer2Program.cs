using System.Globalization;
using System.Runtime.InteropServices;
using Kessan.Testing.Redis;

namespace Kessan.Benchmarks.Layer2;

/// <summary>What the second layer costs, over a redis-server on loopback: <c>l2 [hit|batch|stampede|memory|codecs]…</c>, all without a name.</summary>
internal static class Layer2Program
{
    private static readonly (string Name, Func<string, Task> Measure)[] All =
    [
        ("hit", HitMeasurement.RunAsync),
        ("batch", BatchMeasurement.RunAsync),
        ("stampede", StampedeMeasurement.RunAsync),
        ("memory", MemoryMeasurement.RunAsync),
        ("codecs", _ => CodecMeasurement.RunAsync()),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is ["node", var kind, var redis]) return await StampedeNode.RunAsync(kind, redis);
        if (arguments.Except(All.Select(measurement => measurement.Name)).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"There is no measurement '{unknown}': {string.Join(", ", All.Select(measurement => measurement.Name))}.");
            return 1;
        }

        if (RedisServerProcess.Missing is { } missing)
        {
            Console.Error.WriteLine($"Nothing can be measured: {missing}.");
            return 1;
        }

        await using var server = await RedisServerProcess.StartAsync();
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors, Redis {VersionOf(server)}, loopback");
        foreach (var (name, measure) in All)
        {
            if (arguments.Length > 0 && !arguments.Contains(name)) continue;
            server.Ask("FLUSHALL");
            await measure(server.Address);
        }

        return 0;
    }

    private static string VersionOf(RedisServerProcess server)
        => ((string)server.Ask("INFO", "server")!).Split("\r\n").First(line => line.StartsWith("redis_version:", StringComparison.Ordinal))[14..];
}
