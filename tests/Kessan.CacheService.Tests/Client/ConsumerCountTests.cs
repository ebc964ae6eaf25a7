using Kessan.Caching.Keys;
using Kessan.Caching.Statistics;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>A consumer asks the service how many entries there are: it may not scan, and need not.</summary>
public sealed class ConsumerCountTests
{
    [Fact]
    public async Task CountKeys_WithAKeyThatOnlyReads_AreTheServices()
    {
        await using var node = await ServiceNode.StartAsync();
        foreach (var key in (string[])["stock_price:1:latest", "stock_price:2:latest", "mine"]) await node.Client.PutTextAsync($"v1/entries/{key}", "x");
        await using var one = ServiceStores.Open(node.Address, new() { ["Kessan:CacheService:ApiKey"] = ServiceNode.ReaderKey });

        var counts = await CountAsync(one);

        Assert.Equal(new Dictionary<CacheDataType, long> { [CacheDataType.StockPrice] = 2, [CacheDataType.Other] = 1 }, counts!.ByDataType);
        Assert.True(counts.IsComplete);
    }

    [Fact]
    public async Task CountKeys_RedisOrTheServiceAway_AreNotKnown()
    {
        await using var node = await ServiceNode.StartAsync(hasStore: false);
        await using var one = ServiceStores.Open(node.Address);

        var withoutRedis = await CountAsync(one);
        await node.DisposeAsync();

        Assert.Null(withoutRedis);
        Assert.Null(await CountAsync(one));
    }

    private static ValueTask<CacheKeyCounts?> CountAsync(ServiceProvider consumer)
        => consumer.GetRequiredService<Caching.CacheService>().CountKeysAsync(TestContext.Current.CancellationToken);
}
