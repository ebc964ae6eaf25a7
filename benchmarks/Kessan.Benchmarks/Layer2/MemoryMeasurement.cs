using System.Globalization;
using Kessan.Testing.Redis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Benchmarks.Layer2;

/// <summary>A million small entries written and read: what each takes beyond its payload, in the process and in Redis.</summary>
internal static class MemoryMeasurement
{
    private const int Entries = 1_000_000;
    private const int PayloadBytes = 100;
    private const int InFlight = 64;

    private static readonly HybridCacheEntryOptions Hour = new() { Expiration = TimeSpan.FromHours(1), LocalCacheExpiration = TimeSpan.FromHours(1) };

    public static async Task RunAsync(string redis)
    {
        var port = int.Parse(redis.Split(':')[1], CultureInfo.InvariantCulture);
        Console.WriteLine();
        Console.WriteLine($"### {Entries:N0} entries of {PayloadBytes} bytes");
        Console.WriteLine();
        Console.WriteLine("| bytes an entry beyond its payload | in the process | in Redis | found again in L1 |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var kind in (string[])["kessan", "stock"])
        {
            RespClient.Ask(port, "FLUSHALL");
            using var host = kind == "kessan"
                ? await Fleet.KessanAsync(redis, options =>
                {
                    options.L1MaximumEntries = Entries * 2;
                    options.L1MaximumBytes = 4L * 1024 * 1024 * 1024;
                })
                : await Fleet.StockAsync(redis);
            await MeasureAsync(kind, host, () => UsedMemory((string)RespClient.Ask(port, "INFO", "memory")!));
            await host.StopAsync();
        }
    }

    private static async Task MeasureAsync(string kind, IHost host, Func<long> redisBytes)
    {
        var cache = host.Services.GetRequiredService<HybridCache>();
        await cache.SetAsync("first", new byte[PayloadBytes], Hour);
        var (heapBefore, redisBefore) = (Heap(), redisBytes());
        await ForAllAsync(i => cache.SetAsync(Key(i), Payload(i), Hour));
        var redisAfter = redisBytes();

        var asked = 0;
        await ForAllAsync(async i =>
        {
            var value = await cache.GetOrCreateAsync(Key(i), i, (number, _) =>
            {
                Interlocked.Increment(ref asked);
                return ValueTask.FromResult(Payload(number));
            }, new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableDistributedCache });
            if (BitConverter.ToInt32(value) != i) throw new InvalidOperationException("Another entry's value.");
        });
        var heapAfter = Heap();
        Console.WriteLine(
            $"| {kind} | {Beyond(heapAfter - heapBefore):F0} | {Beyond(redisAfter - redisBefore):F0} | {100.0 * (Entries - asked) / Entries:F1} % |");
    }

    private static string Key(int i) => $"stock_search:{i:D7}";

    private static byte[] Payload(int i)
    {
        var payload = new byte[PayloadBytes];
        BitConverter.TryWriteBytes(payload, i);
        return payload;
    }

    private static double Beyond(long bytes) => ((double)bytes / Entries) - PayloadBytes;

    private static Task ForAllAsync(Func<int, ValueTask> operation) => Task.WhenAll(Enumerable.Range(0, InFlight).Select(async worker =>
    {
        await Task.Yield();
        for (var i = worker; i < Entries; i += InFlight) await operation(i);
    }));

    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static long UsedMemory(string info)
        => long.Parse(info.Split("\r\n").First(line => line.StartsWith("used_memory:", StringComparison.Ordinal))[12..], CultureInfo.InvariantCulture);
}
