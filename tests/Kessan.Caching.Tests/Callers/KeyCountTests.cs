using Kessan.Caching.Keys;
using Kessan.Caching.Statistics;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Callers;

public sealed class KeyCountTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CountKeys_AskedOften_CountsOnceAMinute()
    {
        await using var fleet = new SimulatedFleet(1);
        var cache = fleet[0].Services.GetRequiredService<CacheService>();
        for (var i = 0; i < 2500; i++) await cache.Hybrid.SetAsync($"stock_price:{i}", i, cancellationToken: Stop);
        await cache.Hybrid.SetAsync("my_key", 1, cancellationToken: Stop);

        var first = await cache.CountKeysAsync(Stop);
        await cache.Hybrid.SetAsync("news_data:1:all", 1, cancellationToken: Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(59));
        var second = await cache.CountKeysAsync(Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await cache.CountKeysAsync(Stop);

        Assert.Equal(new Dictionary<CacheDataType, long> { [CacheDataType.StockPrice] = 2500, [CacheDataType.Other] = 1 }, first!.ByDataType);
        Assert.True(first.IsComplete);
        Assert.Same(first, second);
        Assert.Equal(1, third!.ByDataType[CacheDataType.NewsData]);
        Assert.Equal(TimeSpan.FromSeconds(60), third.AsOf - first.AsOf);
    }

    [Fact]
    public async Task CountKeys_MoreThanTheBound_SaysSo()
    {
        await using var fleet = new SimulatedFleet(1);
        for (var i = 0; i < 2500; i++) await fleet[0].Cache.SetAsync($"stock_price:{i}", i, cancellationToken: Stop);

        var counts = await new KeyCounter(fleet[0].Cache.Node) { MostKeys = 1000 }.CountAsync(Stop);

        Assert.Equal((1000, false), (counts!.ByDataType[CacheDataType.StockPrice], counts.IsComplete));
    }

    [Fact]
    public async Task CountKeys_TheStoreAway_IsNull()
    {
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.IsAway = true;

        Assert.Null(await fleet[0].Services.GetRequiredService<CacheService>().CountKeysAsync(Stop));
    }

    [Fact]
    public async Task CountKeys_NoStore_CountsL1()
    {
        var services = new ServiceCollection();
        services.AddKessanCaching();
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<CacheService>();
        await cache.Hybrid.SetAsync("market_data:topix", 1, cancellationToken: Stop);

        Assert.Equal(1, (await cache.CountKeysAsync(Stop))!.ByDataType[CacheDataType.MarketData]);
    }

    [Fact]
    public async Task CleanUpExpired_EntriesPastTheirStaleWindow_LeaveL1()
    {
        await using var fleet = new SimulatedFleet(1);
        var cache = fleet[0].Services.GetRequiredService<CacheService>();
        await cache.Hybrid.SetAsync("stock_search:x", 1, cancellationToken: Stop); // 300 s, no stale window
        await cache.Hybrid.SetAsync("stock_price:7203", 1, cancellationToken: Stop); // 300 s and an hour
        await cache.Hybrid.SetAsync("news_data:7203:all", 1, cancellationToken: Stop); // still fresh
        fleet.Time.Advance(TimeSpan.FromSeconds(301));

        Assert.Equal(1, cache.CleanUpExpired());

        Assert.Equal(2, cache.GetStatistics().L1Entries);
    }
}
