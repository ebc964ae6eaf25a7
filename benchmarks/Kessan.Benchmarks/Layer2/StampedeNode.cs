using System.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Benchmarks.Layer2;

/// <summary>One process of a stampede: reads a key by line, gets it, and says how often it asked the source and how many ms it took.</summary>
internal static class StampedeNode
{
    public static async Task<int> RunAsync(string kind, string redis)
    {
        using var host = kind == "kessan" ? await Fleet.KessanAsync(redis) : await Fleet.StockAsync(redis);
        var cache = host.Services.GetRequiredService<HybridCache>();
        for (var i = 0; i < 3; i++) await cache.GetOrCreateAsync($"warm:{Environment.ProcessId}:{i}", _ => ValueTask.FromResult(i));
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } key)
        {
            var calls = 0;
            var began = Stopwatch.GetTimestamp();
            await cache.GetOrCreateAsync(key, async token =>
            {
                calls++;
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, token);
                return 1;
            });
            Console.WriteLine($"{calls} {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F1}");
        }

        await host.StopAsync();
        return 0;
    }
}
