using System.Net;
using System.Text.Json;

namespace Kessan.CacheHost.Tests.Statistics;

public sealed class StatisticsTests
{
    [Fact]
    public async Task Statistics_AfterLookups_CountsByLayerAndType()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/stock_price:1:latest", "x");
        await node.Client.PutTextAsync("v1/entries/stock_price:2:latest", "x");
        await node.Client.PutTextAsync("v1/entries/mine", "x");
        for (var i = 0; i < 3; i++) await node.Client.SendAsync(HttpMethod.Get, "v1/entries/stock_price:1:latest");
        await node.Client.SendAsync(HttpMethod.Get, "v1/entries/stock_price:9:latest");

        var body = await (await node.Client.SendAsync(HttpMethod.Get, "v1/statistics")).JsonAsync();

        var prices = body.GetProperty("layers").GetProperty("data_types").GetProperty("stock_price");
        Assert.Equal((4, 3, 1), (prices.GetProperty("requests").GetInt32(), prices.GetProperty("l1_hits").GetInt32(), prices.GetProperty("misses").GetInt32()));
        Assert.Equal(75, prices.GetProperty("l1_hit_rate_percent").GetDouble());
        Assert.Equal(3, body.GetProperty("layers").GetProperty("l1_entries").GetInt32());
        Assert.Equal((2, 1), (body.GetProperty("key_counts").GetProperty("stock_price").GetInt32(), body.GetProperty("key_counts").GetProperty("other").GetInt32()));
        Assert.True(body.GetProperty("complete").GetBoolean());
        Assert.True(TimeProvider.System.GetUtcNow() - body.GetProperty("as_of").GetDateTimeOffset() < TimeSpan.FromSeconds(60));
        Assert.True(body.GetProperty("health").GetProperty("connected").GetBoolean());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("health").GetProperty("memory_usage").ValueKind);
    }

    [Fact]
    public async Task Statistics_StoreAway_AreNullWhereNobodyKnows()
    {
        await using var node = await ServiceNode.StartAsync(hasStore: false);

        var body = await (await node.Client.SendAsync(HttpMethod.Get, "v1/statistics")).JsonAsync();

        Assert.Equal(JsonValueKind.Null, body.GetProperty("key_counts").ValueKind);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("as_of").ValueKind);
        Assert.False(body.GetProperty("health").GetProperty("connected").GetBoolean());
    }

    [Fact]
    public async Task KeyCounts_TheFirstWhoAskedLeaves_TheOthersGetThem()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/stock_price:1:latest", "x");
        var counter = node.Get<CacheHost.Statistics.KeyCounter>();
        var gate = new TaskCompletionSource();
        node.Store!.Gate = gate.Task;
        using var leaving = new CancellationTokenSource();

        var first = counter.CountAsync(leaving.Token);
        var second = counter.CountAsync(TestContext.Current.CancellationToken);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.Equal(1, (await second)!.ByDataType["stock_price"]);
    }

    [Fact]
    public async Task Memory_Layers_AreThere()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/k", new string('x', 1000));

        var body = await (await node.Client.SendAsync(HttpMethod.Get, "v1/memory")).JsonAsync();

        Assert.Equal(1, body.GetProperty("l1").GetProperty("entries").GetInt32());
        Assert.InRange(body.GetProperty("l1").GetProperty("size_bytes").GetInt64(), 1000, 2000);
        Assert.True(body.GetProperty("process").GetProperty("working_set_bytes").GetInt64() > 1 << 20);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("redis").GetProperty("used_bytes").ValueKind);
    }

    [Fact]
    public async Task HotKeys_AfterLookups_AreTheKeysMostAskedFor()
    {
        await using var node = await ServiceNode.StartAsync();
        using var prices = node.NewClient(ServiceNode.PricesKey);
        foreach (var key in (string[])["news_data:1:all", "stock_price:1:latest"])
        {
            await node.Client.PutTextAsync($"v1/entries/{key}", "x");
            for (var i = 0; i < 1000; i++) await node.Get<Caching.CacheEntries>().GetAsync(key, pastL1: false, TestContext.Current.CancellationToken);
        }

        var all = (await (await node.Client.SendAsync(HttpMethod.Get, "v1/hot-keys")).JsonAsync()).GetProperty("keys");
        var one = (await (await node.Client.SendAsync(HttpMethod.Get, "v1/hot-keys?count=1")).JsonAsync()).GetProperty("keys");
        var allowed = (await (await prices.SendAsync(HttpMethod.Get, "v1/hot-keys")).JsonAsync()).GetProperty("keys");
        var tooMany = await node.Client.SendAsync(HttpMethod.Get, "v1/hot-keys?count=257");

        Assert.Equal(2, all.GetArrayLength());
        Assert.Equal(1, one.GetArrayLength());
        var price = Assert.Single(allowed.EnumerateArray());
        Assert.Equal(("stock_price:1:latest", "stock_price"), (price.GetProperty("key").GetString(), price.GetProperty("data_type").GetString()));
        Assert.True(price.GetProperty("requests_per_second").GetDouble() > 0);
        await tooMany.IsProblemAsync(HttpStatusCode.BadRequest, "limit-exceeded");
    }

    [Fact]
    public async Task Warm_KeysNamed_AreInL1()
    {
        var server = new Caching.Storage.Memory.InMemoryCacheServer();
        await using var node = await ServiceNode.StartAsync(server);
        await using var other = await ServiceNode.StartAsync(server);
        await other.Client.PutTextAsync("v1/entries/k", "x");
        await Testing.Eventually.HoldsAsync(() => node.Get<Caching.CacheManager>().GetHealth().IsCoherent);

        var warmed = await (await node.Client.PostTextAsync("v1/warm", """{"keys":["k","nothing"]}""")).JsonAsync();
        var read = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k");

        Assert.Equal(1, warmed.GetProperty("loaded").GetInt32());
        Assert.Contains("detail=l1", read.Header("Cache-Status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_NoKeysNamed_LoadsThoseThatWereHot()
    {
        var server = new Caching.Storage.Memory.InMemoryCacheServer();
        await using (var before = await ServiceNode.StartAsync(server))
        {
            await before.Client.PutTextAsync("v1/entries/k", "x");
            for (var i = 0; i < 1000; i++) await before.Get<Caching.CacheEntries>().GetAsync("k", pastL1: false, TestContext.Current.CancellationToken);
            await before.App.StopAsync(TestContext.Current.CancellationToken);
        }

        await using var node = await ServiceNode.StartAsync(server);
        var warmed = await (await node.Client.SendAsync(HttpMethod.Post, "v1/warm")).JsonAsync();

        Assert.Equal(1, warmed.GetProperty("loaded").GetInt32());
    }

    [Fact]
    public async Task Warm_KeyOutOfReachOrNoStore_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var alone = await ServiceNode.StartAsync(hasStore: false);
        using var prices = node.NewClient(ServiceNode.PricesKey);

        await (await prices.PostTextAsync("v1/warm", """{"keys":["news_data:1:all"]}""")).IsProblemAsync(HttpStatusCode.Forbidden, "prefix-refused");
        await (await alone.Client.SendAsync(HttpMethod.Post, "v1/warm")).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    [Fact]
    public async Task Cleanup_NoRedis_SaysSo()
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.SendAsync(HttpMethod.Post, "v1/maintenance/cleanup")).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }
}
