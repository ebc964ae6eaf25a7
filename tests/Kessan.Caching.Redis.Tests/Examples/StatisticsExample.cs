using Kessan.Caching.Keys;
using Kessan.Caching.Statistics;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>How well the cache works, and what it holds.</summary>
public sealed class StatisticsExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task Statistics_AfterSomeUse_TellHitRateMemoryAndKeys()
    {
        await Eventually.HoldsAsync(() => Manager.GetHealth().IsCoherent); // before that L1 has its hits confirmed by L2
        for (var i = 0; i < 4; i++)
            await Cache.GetOrSetAsync("stock_price:7203:latest", _ => ValueTask.FromResult(2500m), cancellationToken: Stop);

        var statistics = Cache.GetStatistics();
        var server = await Redis.GetServerInfoAsync(Stop);
        var keys = await Cache.CountKeysAsync(Stop);

        Assert.Equal(75, statistics.Total.HitRatePercent);
        Assert.Equal(3, statistics.ByDataType[CacheDataType.StockPrice].L1Hits);
        Assert.True(server!.UsedMemoryBytes > 0);
        Assert.Equal(1, keys!.ByDataType[CacheDataType.StockPrice]);
    }

    [Fact]
    public async Task Health_WithRedisThere_IsHealthy()
    {
        await Eventually.HoldsAsync(() => Manager.GetHealth().Status == CacheHealthStatus.Healthy);

        Assert.True(Manager.GetHealth().IsConnected);
    }
}
