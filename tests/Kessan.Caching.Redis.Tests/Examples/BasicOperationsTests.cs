using Kessan.Caching.Keys;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>The low-level client: one key, many keys, patterns, memory.</summary>
public sealed class BasicOperationsTests(RedisServers servers)
{
    private readonly string _unique = Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneKey()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        var cache = application.Redis;

        Assert.True(await cache.SetAsync(_unique, new Opinion("buy"), CacheDataType.StockPrice, Token));

        Assert.Equal(new Opinion("buy"), await cache.GetAsync<Opinion>(_unique, Token));
        Assert.True(await cache.ExistsAsync(_unique, Token));
        Assert.InRange((await cache.GetTimeToLiveAsync(_unique, Token))!.Value, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300));
        Assert.True(await cache.DeleteAsync(_unique, Token));
        Assert.False(await cache.ExistsAsync(_unique, Token));
        Assert.Null(await cache.GetTimeToLiveAsync(_unique, Token));
    }

    [Fact]
    public async Task ManyKeys_InOneRoundTrip()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        string[] keys = [$"stock_price:7203-{_unique}", $"stock_price:6758-{_unique}", $"stock_price:9984-{_unique}"];
        decimal[] prices = [2500, 15_000, 3000];

        Assert.Equal(3, await application.Redis.SetManyAsync<decimal>([.. keys.Zip(prices, KeyValuePair.Create)], TimeSpan.FromSeconds(300), Token));
        var found = await application.Redis.GetManyAsync<decimal>([.. keys, "stock_price:missing"], Token);

        Assert.Equal(keys.Zip(prices, KeyValuePair.Create), found.OrderBy(pair => Array.IndexOf(keys, pair.Key)));
    }

    [Fact]
    public async Task Memory_PatternsAndCleaningUp()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        var cache = application.Redis;
        foreach (var i in Enumerable.Range(0, 5)) await cache.SetAsync($"market_data:{_unique}-{i}", i, CacheDataType.MarketData, Token);

        var report = await cache.CleanUpExpiredAsync(cancellationToken: Token);
        var memory = await cache.GetServerInfoAsync(Token);
        var keys = await cache.GetKeysAsync($"market_data:{_unique}-*", cancellationToken: Token);
        var deleted = await cache.FlushPatternAsync($"market_data:{_unique}-*", Token);

        Assert.True(report.Complete);
        Assert.True(memory!.UsedMemoryBytes > 0);
        Assert.Equal((5, 5), (keys.Count, deleted));
    }

    [Fact]
    public async Task RedisAway_ReadsGiveNothing_TheSourceIsAsked_AndNothingThrows()
    {
        await using var server = await Kessan.Testing.Redis.RedisServerProcess.StartAsync();
        await using var application = await ExampleApplication.StartAsync(server.Address);
        await server.KillAsync();

        var data = await application.Redis.GetAsync<Opinion>("some_key", Token) ?? new Opinion("from the database");

        Assert.Equal("from the database", data.Text);
        Assert.False(await application.Redis.SetAsync("some_key", data, TimeSpan.FromMinutes(5), Token));
        Assert.Equal(data, await application.Cache.GetOrSetAsync("some_key", _ => ValueTask.FromResult(data), cancellationToken: Token));
    }

    [Fact]
    public async Task Debugging_WhatIsThere()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        await application.Manager.SetStockPriceAsync(_unique, new DayPrice(1, 2, 1, 2, 100), Token);

        var health = application.Manager.GetHealth();
        var keys = await application.Redis.GetKeysAsync($"stock_price:{_unique}*", cancellationToken: Token);

        Assert.True(health.IsConnected);
        Assert.Equal([$"stock_price:{_unique}:latest"], keys);
        Assert.True(await application.Redis.ExistsAsync(keys[0], Token));
        Assert.NotNull(await application.Redis.GetTimeToLiveAsync(keys[0], Token));
    }
}
