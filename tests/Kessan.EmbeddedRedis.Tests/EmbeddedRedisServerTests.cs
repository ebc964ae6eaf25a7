using System.Net;
using System.Net.Sockets;
using Kessan.Testing;
using StackExchange.Redis;

namespace Kessan.EmbeddedRedis.Tests;

public sealed class EmbeddedRedisServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_NoPortGiven_AnswersOnAFreeOne()
    {
        await using var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);

        var latency = await client.GetDatabase().PingAsync();

        Assert.InRange(server.Port, 1024, IPEndPoint.MaxPort);
        Assert.True(latency > TimeSpan.Zero);
        Assert.False(server.IsPersistent);
    }

    [Fact]
    public async Task StartAsync_PortHeldByAnotherServer_NamesThePort()
    {
        await using var first = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop);

        var failure = await Assert.ThrowsAsync<EmbeddedRedisException>(
            () => EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions { Port = first.Port }, Stop));

        Assert.Contains($"{first.Port}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task StartAsync_PortHeldByAnotherProgram_NamesThePort()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<EmbeddedRedisException>(
            () => EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions { Port = port }, Stop));

        Assert.Contains($"{port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_TwiceOnOnePortAtOnce_OnlyOneGetsIt()
    {
        int port;
        await using (var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop))
            port = server.Port;

        var starts = Enumerable.Range(0, 4)
            .Select(_ => EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions { Port = port }, Stop))
            .ToArray();
        await Task.WhenAll(starts.Select(start => start.ContinueWith(static _ => { }, TaskScheduler.Default)));

        var started = Assert.Single(starts, start => start.IsCompletedSuccessfully);
        await (await started).DisposeAsync();
    }

    [Fact]
    public async Task DisposeAsync_CalledTwice_FreesThePortAndThePortCanBeUsedAgain()
    {
        var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);

        await server.DisposeAsync();
        await server.DisposeAsync();

        await using var second = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions { Port = server.Port }, Stop);
        Assert.Equal(server.Port, second.Port);
    }

    [Fact]
    public async Task Password_Given_IsDemandedAndInTheConnectionString()
    {
        await using var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions { Password = "open=sesame;!" }, Stop);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);

        await client.GetDatabase().PingAsync();

        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}"));
        await Assert.ThrowsAsync<RedisConnectionException>(
            () => ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},password=sesame"));
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("schlüssel")]
    public async Task Password_NoConnectionStringCanCarryIt_IsRefusedWithoutShowingIt(string password)
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(
            () => EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions { Password = password }, Stop));

        if (password.Length > 0)
            Assert.DoesNotContain(password, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_SetsAndPublishes_AndASubscriberHears()
    {
        await using var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await client.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, message) => heard.TrySetResult(message!));

        await client.GetDatabase().ScriptEvaluateAsync(
            "redis.call('PUBLISH', 'news', ARGV[1]); return redis.call('SET', KEYS[1], ARGV[1], 'PX', 60000)", ["key"], ["value"]);

        Assert.Equal("value", await heard.Task.WaitAsync(TimeSpan.FromSeconds(5), Stop));
        Assert.Equal("value", await client.GetDatabase().StringGetAsync("key"));
        Assert.InRange((await client.GetDatabase().KeyTimeToLiveAsync("key"))!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Info_AfterAHitAndAMiss_CountsThem()
    {
        await using var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},allowAdmin=true,tiebreaker=");
        await client.GetDatabase().StringSetAsync("here", "value");

        await client.GetDatabase().StringGetAsync("here");
        await client.GetDatabase().StringGetAsync("away");

        // The server samples its counters once a second.
        await Eventually.HoldsAsync(async () =>
        {
            var info = (await client.GetServers()[0].InfoAsync("stats")).SelectMany(group => group).ToDictionary();
            return info["total_found"] == "1" && info["total_notfound"] == "1";
        });
    }
}
