using Kessan.Testing.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Tests;

/// <summary>Values and the generations of their tags, on every kind of server.</summary>
public sealed class RedisCacheValueTests(RedisServers servers)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly string _ticker = Guid.NewGuid().ToString("N")[..8];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Key => $"stock_price:{_ticker}:latest";

    private RedisKey TagKey => $"kessan:tag:stock:{_ticker}";

    [Theory]
    [InlineData("embedded")]
    [InlineData("server")]
    [InlineData("cluster")]
    public async Task Get_TagInvalidatedLostOrSpoiled_IsNoValueUntilTheNextSet(string kind)
    {
        using var host = await StartAsync(await EndPointsAsync(kind));
        var cache = host.Services.GetRequiredService<RedisCache>();
        await using var client = await ConnectionMultiplexer.ConnectAsync(await EndPointsAsync(kind));
        var database = client.GetDatabase();
        Func<Task>[] losses =
        [
            async () => await cache.Store!.RemoveTagsAsync([$"stock:{_ticker}"], Token),
            () => database.KeyDeleteAsync(TagKey),
            () => database.StringSetAsync(TagKey, "nonsense"),
            () => database.StringSetAsync(TagKey, 0),
        ];

        foreach (var lose in losses)
        {
            Assert.True(await cache.SetAsync(Key, "value", Minute, Token));
            Assert.Equal("value", await cache.GetAsync<string>(Key, Token));

            await lose();

            Assert.Null(await cache.GetAsync<string>(Key, Token));
            Assert.Null(await cache.GetAsync<string>(Key, Token));
        }

        Assert.Equal(0, cache.Failures);
        await host.StopAsync(Token);
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("server")]
    [InlineData("cluster")]
    public async Task Get_WrittenByAnotherProgram_IsThatValue(string kind)
    {
        using var host = await StartAsync(await EndPointsAsync(kind));
        var cache = host.Services.GetRequiredService<RedisCache>();
        await using var client = await ConnectionMultiplexer.ConnectAsync(await EndPointsAsync(kind));
        await client.GetDatabase().StringSetAsync(Key, "theirs", Minute);

        Assert.Equal("theirs", await cache.GetAsync<string>(Key, Token));

        await client.GetDatabase().KeyDeleteAsync(Key);
        await client.GetDatabase().ListLeftPushAsync(Key, "x");
        Assert.Null(await cache.GetAsync<string>(Key, Token));
        Assert.Equal(0, cache.Failures);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Get_OneServer_IsOneCommand()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        using var host = await StartAsync(server.Address);
        var cache = host.Services.GetRequiredService<RedisCache>();
        await cache.SetAsync(Key, "value", Minute, Token);
        await cache.GetAsync<string>(Key, Token);
        server.Ask("CONFIG", "RESETSTAT");

        for (var i = 0; i < 10; i++) Assert.Equal("value", await cache.GetAsync<string>(Key, Token));

        var commands = (string)server.Ask("INFO", "commandstats")!;
        Assert.Contains("cmdstat_mget:calls=10,", commands, StringComparison.Ordinal);
        Assert.DoesNotContain("cmdstat_get:", commands, StringComparison.Ordinal);
        await host.StopAsync(Token);
    }

    private static async Task<IHost> StartAsync(string address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", RedisNodes.Patient(address))]);
        builder.Services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseRedis(); // the machine may be busy
        var host = builder.Build();
        await host.StartAsync(Token);
        await Eventually.HoldsAsync(() => host.Services.GetRequiredService<RedisCache>().ConnectAsync(Token));
        return host;
    }

    private async Task<string> EndPointsAsync(string kind) => kind switch
    {
        "embedded" => (await servers.EmbeddedAsync()).ConnectionString,
        "server" => (await servers.SingleAsync()).Address,
        _ => string.Join(',', (await servers.ClusterAsync()).Servers.Select(server => server.Address)),
    };
}
