using Kessan.Caching.Statistics;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Looking into the cache.</summary>
public sealed class DebuggingExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task AKey_IsFoundAndExplained()
    {
        await Manager.SetStockPriceAsync("7203", new DailyBar(2500, 2550, 2480, 2520, 1_000_000), Stop);
        await Manager.SetStockPriceAsync("6758", new DailyBar(15_000, 15_100, 14_900, 15_050, 500_000), Stop);

        var health = Manager.GetHealth();
        var keys = await Redis.GetKeysAsync("stock_price:*", cancellationToken: Stop);
        var left = await Redis.GetTimeToLiveAsync("stock_price:7203:latest", Stop);
        var exists = await Redis.ExistsAsync("stock_price:7203:latest", Stop);
        var lookup = await Cache.Hybrid.TryGetAsync<DailyBar>("stock_price:7203:latest", Stop);

        Assert.True(health.IsConnected);
        Assert.True(health.Status is CacheHealthStatus.Healthy or CacheHealthStatus.Degraded);
        Assert.Equal(["stock_price:6758:latest", "stock_price:7203:latest"], keys.Order());
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300));
        Assert.True(exists);
        Assert.Equal((true, false), (lookup.Found, lookup.IsStale));
        Assert.Equal(["stock:7203"], lookup.Tags);
    }
}
