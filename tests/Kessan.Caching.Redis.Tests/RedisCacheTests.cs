using System.ComponentModel;
using System.Text;
using Kessan.Caching.Keys;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests;

public sealed class RedisCacheTests(RedisServers servers)
{
    private readonly string _unique = Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("redis://127.0.0.1:1")]
    public async Task Everything_NoRedis_GivesNothingAndDoesNotThrow(string? address)
    {
        using var host = CreateHost(address);
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<RedisCache>();

        Assert.Equal(address is not null, cache.IsConfigured);
        Assert.False(await cache.ConnectAsync(Token));
        Assert.False(cache.IsConnected);
        Assert.Null(await cache.GetEntryAsync("k", Token));
        Assert.False(await cache.SetEntryAsync("k", Entry("x"), Token));
        Assert.False(await cache.DeleteAsync("k", Token));
        Assert.False(await cache.ExistsAsync("k", Token));
        Assert.Null(await cache.GetTimeToLiveAsync("k", Token));
        Assert.Empty(await cache.GetKeysAsync("k*", cancellationToken: Token));
        Assert.Empty(await cache.GetEntriesAsync(["a", "b"], Token));
        Assert.Equal(0, await cache.SetEntriesAsync(new Dictionary<string, StoredEntry> { ["a"] = Entry("x") }, Token));
        Assert.Null(await cache.GetAsync<string>("k", Token));
        Assert.False(await cache.SetAsync("k", "x", TimeSpan.FromMinutes(1), Token));
        Assert.False(await cache.SetAsync("k", "x", CacheDataType.MarketData, Token));
        Assert.Empty(await cache.GetManyAsync<string>(["k"], Token));
        Assert.Equal(0, await cache.SetManyAsync<string>([new("k", "x")], TimeSpan.FromMinutes(1), Token));
        Assert.Equal(0, await cache.FlushPatternAsync("k*", Token));
        Assert.Equal(CleanupReport.None, await cache.CleanUpExpiredAsync(cancellationToken: Token));
        Assert.Null(await cache.GetServerInfoAsync(Token));
        await cache.DisconnectAsync(Token);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Registration_NoAddress_IsL1Only()
    {
        using var host = CreateHost(null);
        await host.StartAsync(Token);

        Assert.Null(host.Services.GetService<ICacheStore>());
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Registration_BadAddress_StopsTheStartWithoutTheSecret()
    {
        using var host = CreateHost("redis://:s3cr3t@host:port");

        var failure = await Assert.ThrowsAnyAsync<FormatException>(() => host.StartAsync(Token));

        Assert.DoesNotContain("s3cr3t", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_BadOption_StopsTheStart()
    {
        using var host = CreateHost("redis://127.0.0.1:1", options => options.ScanPageSize = 1);

        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync(Token));
    }

    [Fact]
    public async Task Everything_Server_DoesWhatItSays()
    {
        var server = await servers.SingleAsync();
        using var host = CreateHost(server.Address);
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<RedisCache>();
        string Key(int i) => $"market_data:{_unique}-{i}";

        await Eventually.HoldsAsync(() => cache.ConnectAsync(Token));
        Assert.True(await cache.SetEntryAsync(Key(0), Entry("zero"), Token));
        Assert.Equal(3, await cache.SetEntriesAsync(Enumerable.Range(1, 3).ToDictionary(Key, i => Entry($"{i}")), Token));
        Assert.Equal("zero", Text(await cache.GetEntryAsync(Key(0), Token)));
        Assert.True(await cache.ExistsAsync(Key(0), Token));
        Assert.InRange((await cache.GetTimeToLiveAsync(Key(0), Token))!.Value, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300));
        Assert.Equal(Enumerable.Range(0, 4).Select(Key), (await cache.GetKeysAsync($"market_data:{_unique}*", cancellationToken: Token)).Order());
        Assert.Equal(2, (await cache.GetKeysAsync($"market_data:{_unique}*", limit: 2, Token)).Count);
        Assert.Equal(["2", "3"], (await cache.GetEntriesAsync([Key(2), Key(9), Key(3)], Token)).Values.Select(Text).Order());
        Assert.True(await cache.DeleteAsync(Key(0), Token));
        Assert.False(await cache.DeleteAsync(Key(0), Token));
        Assert.False(await cache.ExistsAsync(Key(0), Token));
        Assert.Equal(3, await cache.FlushPatternAsync($"market_data:{_unique}*", Token));
        Assert.Equal(0, cache.Failures);

        await cache.DisconnectAsync(Token);
        Assert.Null(await cache.GetEntryAsync(Key(1), Token));
        await Eventually.HoldsAsync(() => cache.ConnectAsync(Token));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Values_Server_AreSharedWithTheEngineAndFollowTags()
    {
        var server = await servers.SingleAsync();
        using var host = CreateHost(server.Address);
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<RedisCache>();
        await Eventually.HoldsAsync(() => cache.ConnectAsync(Token));
        var hybrid = host.Services.GetRequiredService<HybridCache>();
        var (ticker, large) = (_unique[..8], new string('x', 100_000));
        string Key(string date) => $"stock_price:{ticker}:{date}";

        Assert.True(await cache.SetAsync(Key("a"), new Quote(ticker, 1234.5m), CacheDataType.StockPrice, Token));
        Assert.Equal(2, await cache.SetManyAsync<string>([new(Key("b"), large), new(Key("c"), null!)], TimeSpan.FromMinutes(1), Token));
        var fromEngine = await hybrid.GetOrCreateAsync(Key("a"), _ => ValueTask.FromResult(new Quote("wrong", 0)), cancellationToken: Token);
        await hybrid.SetAsync(Key("d"), new Quote(ticker, 2m), cancellationToken: Token);

        Assert.Equal(new Quote(ticker, 1234.5m), fromEngine);
        Assert.Equal(new Quote(ticker, 1234.5m), await cache.GetAsync<Quote>(Key("a"), Token));
        Assert.Equal(new Quote(ticker, 2m), await cache.GetAsync<Quote>(Key("d"), Token));
        Assert.InRange((long)server.Ask("PTTL", Key("a"))!, 290_000, 300_000);
        Assert.True((long)server.Ask("STRLEN", Key("b"))! < 1000);
        var many = await cache.GetManyAsync<string>([Key("b"), Key("c"), Key("nobody")], Token);
        Assert.Equal(2, many.Count);
        Assert.Equal(large, many[Key("b")]);
        Assert.Null(many[Key("c")]);
        Assert.Null(await cache.GetAsync<Quote>(Key("b"), Token)); // of another type

        Assert.Equal(4, await cache.Store!.RemoveTagsAsync([CacheKeys.StockTag(ticker)], Token));
        Assert.Null(await cache.GetAsync<Quote>(Key("a"), Token));
        Assert.Equal(0, cache.Failures);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Batches_LongerThanOneOperation_AreWhole()
    {
        const int Count = 1_234;
        var server = await servers.SingleAsync();
        using var host = CreateHost(server.Address);
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<RedisCache>();
        await Eventually.HoldsAsync(() => cache.ConnectAsync(Token));
        var values = Enumerable.Range(0, Count).ToDictionary(i => $"market_data:{_unique}:{i}", i => new string((char)('a' + i % 26), i % 100 == 0 ? 200_000 : 10));

        Assert.Equal(Count, await cache.SetManyAsync<string>(values, TimeSpan.FromMinutes(1), Token));
        Assert.Equal(values.OrderBy(pair => pair.Key), (await cache.GetManyAsync<string>(values.Keys, Token)).OrderBy(pair => pair.Key)!);
        Assert.Equal(Count, (await cache.GetEntriesAsync(values.Keys, Token)).Count);

        Assert.Equal(0, await cache.SetManyAsync<string>([], TimeSpan.FromMinutes(1), Token));
        Assert.Empty(await cache.GetEntriesAsync([], Token));
        Assert.Equal(0, cache.Failures);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task GetEntry_Session_LivesOnFromTheRead()
    {
        var server = await servers.SingleAsync();
        using var host = CreateHost(server.Address);
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<RedisCache>();
        await Eventually.HoldsAsync(() => cache.ConnectAsync(Token));
        var key = $"user_session:{_unique}";
        await cache.SetEntryAsync(key, Entry("x") with { Lifetime = TimeSpan.FromMinutes(5) }, Token);

        Assert.InRange((await cache.GetTimeToLiveAsync(key, Token))!.Value, TimeSpan.FromMinutes(4.9), TimeSpan.FromMinutes(5));
        Assert.NotNull(await cache.GetEntryAsync(key, Token));

        Assert.InRange((await cache.GetTimeToLiveAsync(key, Token))!.Value, TimeSpan.FromMinutes(29.9), TimeSpan.FromMinutes(30.001));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task GetServerInfo_RedisServer_TellsEverything()
    {
        var server = await servers.SingleAsync();
        using var host = CreateHost(server.Address);
        await host.StartAsync(Token);

        RedisServerInfo? info = null;
        await Eventually.HoldsAsync(async () => (info = await host.Services.GetRequiredService<RedisCache>().GetServerInfoAsync(Token)) is not null);

        Assert.True(info!.UsedMemoryBytes > 0);
        Assert.True(info!.TotalCommands > 0);
        Assert.True(info!.ConnectedClients > 0);
        Assert.NotNull(info.Uptime);
        Assert.NotNull(info.Keys);
        Assert.NotNull(info.KeyspaceHits);
        Assert.Null(info.MaximumMemoryBytes);
        Assert.InRange(info.HitRatePercent ?? 0, 0, 100);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task GetServerInfo_Embedded_TellsWhatItHas()
    {
        using var host = CreateHost((await servers.EmbeddedAsync()).ConnectionString);
        await host.StartAsync(Token);

        RedisServerInfo? info = null;
        await Eventually.HoldsAsync(async () => (info = await host.Services.GetRequiredService<RedisCache>().GetServerInfoAsync(Token)) is not null);

        Assert.True(info!.UsedMemoryBytes > 0);
        Assert.NotNull(info.Uptime);
        Assert.NotNull(info.ConnectedClients);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task CleanUp_Leftovers_AreRemovedAndCounted()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        using var host = CreateHost(server.Address);
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<RedisCache>();
        await Eventually.HoldsAsync(() => cache.ConnectAsync(Token));
        await cache.SetEntryAsync("endless", Entry("x"), Token);
        await cache.SetEntryAsync("fine", Entry("x"), Token);
        server.Ask("PERSIST", "endless");
        server.Ask("SET", "kessan:lease:{dead}:", "n");
        server.Ask("SET", "theirs", "no envelope");
        server.Ask("ZADD", "kessan:index:stock:1", 9e15, "gone");
        server.Ask("ZADD", "kessan:index:stock:1", 9e15, "fine");
        server.Ask("SET", "kessan:tag:t", 17);

        var report = await cache.CleanUpExpiredAsync(cancellationToken: Token);

        Assert.Equal(new CleanupReport(6, 1, 1, 1, Complete: true), report);
        Assert.Equal(3L, server.Ask("EXISTS", "fine", "theirs", "kessan:tag:t"));
        Assert.True((long)server.Ask("TTL", "kessan:tag:t")! > 0);
        Assert.False((await cache.CleanUpExpiredAsync(1, Token)).Complete && report.Scanned > 500);
        await host.StopAsync(Token);
    }

    private static IHost CreateHost(string? address, Action<RedisStoreOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", address is null ? null : RedisNodes.Patient(address))]);
        builder.Services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseRedis(configure: configure); // the machine may be busy
        return builder.Build();
    }

    private static StoredEntry Entry(string text) => new() { Payload = Encoding.UTF8.GetBytes(text), Lifetime = TimeSpan.FromMinutes(5) };

    [ImmutableObject(true)]
    public sealed record Quote(string Ticker, decimal Price);

    private static string? Text(StoredEntry? entry) => entry is null ? null : Encoding.UTF8.GetString(entry.Payload.Span);
}
