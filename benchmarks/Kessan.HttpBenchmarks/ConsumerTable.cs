using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Kessan.Caching;
using Kessan.EmbeddedRedis;

namespace Kessan.HttpBenchmarks;

/// <summary>A hit in L1 of a consumer whose second layer is the service over HTTP, beside the same engine without a second layer.</summary>
internal static class ConsumerTable
{
    private const int Rounds = 11;
    private const int Calls = 2_000_000;

    public static async Task<int> RunAsync()
    {
        await using var redis = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions());
        using var service = await ServerProcess.StartAsync("service", traces: false, $"--ConnectionStrings:redis={redis.ConnectionString}");
        await using var alone = Provider(null);
        await using var consumer = Provider(service.Port);
        var (inProcess, overService) = (alone.GetRequiredService<KessanHybridCache>(), consumer.GetRequiredService<KessanHybridCache>());
        foreach (var cache in (KessanHybridCache[])[inProcess, overService])
        {
            await cache.SetAsync("stock_price:7203:latest", Price.Toyota);
            for (var i = 0; !await IsTrustedHitAsync(cache); i++)
            {
                if (i == 200) throw new InvalidOperationException("The consumer does not come to trust its L1.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }

            await TimeAsync(cache);
        }

        Console.WriteLine("| round | in process, ns | consumer, ns | ratio |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        var ratios = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            var (one, two) = (await TimeAsync(inProcess), await TimeAsync(overService));
            ratios.Add(two / one);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {one:F1} | {two:F1} | {ratios[^1]:F3} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Median of the ratios: {PairsTable.Median(ratios):F3}"));
        return 0;
    }

    private static async Task<bool> IsTrustedHitAsync(KessanHybridCache cache)
        => await cache.TryGetAsync<Price>("stock_price:7203:latest") is { Layer: CacheLayer.L1, IsUnverified: false };

    private static async Task<double> TimeAsync(KessanHybridCache cache)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            await cache.GetOrCreateAsync("stock_price:7203:latest", Price.Toyota, static (price, _) => ValueTask.FromResult(price));
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls;
    }

    private static ServiceProvider Provider(int? port)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kessan:CacheService:Address"] = $"http://127.0.0.1:{port}",
            ["Kessan:CacheService:ApiKey"] = Servers.ApiKey,
        }).Build());
        services.AddLogging();
        var caching = services.AddKessanCaching();
        if (port is not null) caching.UseCacheService();
        return services.BuildServiceProvider();
    }
}

/// <summary>A small immutable value.</summary>
[ImmutableObject(true)]
internal sealed record Price(string Ticker, decimal Close)
{
    public static Price Toyota { get; } = new("7203", 2520m);
}
