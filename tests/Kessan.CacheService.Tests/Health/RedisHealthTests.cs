using System.Net;
using System.Text.Json;
using Kessan.Testing;
using Kessan.Testing.Redis;

namespace Kessan.CacheHost.Tests.Health;

/// <summary>What the service tells of real servers, up, down and slow.</summary>
public sealed class RedisHealthTests(RedisServers servers, ITestOutputHelper output)
{
    [Theory]
    [InlineData("single")]
    [InlineData("cluster")]
    [InlineData("embedded")]
    public async Task Detailed_ServerUp_HasTheServersOwnFigures(string kind)
    {
        await using var node = await ServiceNode.StartAsync(hasStore: false, settings: await servers.SettingsAsync(kind));
        await node.BecomesAsync("healthy", output);
        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.PutTextAsync("v1/entries/stock_price:1:latest", "1")).StatusCode);

        // Garnet counts its clients and commands about once a second.
        JsonElement detail = default;
        await Eventually.HoldsAsync(async () =>
        {
            detail = await (await node.Client.SendAsync(HttpMethod.Get, "health/detailed")).JsonAsync();
            return detail.GetProperty("services").GetProperty("redis").GetProperty("connected_clients") is { ValueKind: JsonValueKind.Number } clients
                && clients.GetInt32() >= 1;
        });

        output.WriteLine(detail.GetRawText());
        Assert.Equal(["status", "services"], Names(detail));
        var services = detail.GetProperty("services");
        Assert.Equal(["redis", "l1", "backplane"], Names(services));
        var redis = services.GetProperty("redis");
        Assert.Equal(
            ["status", "connected", "hit_rate_percent", "memory_usage", "total_commands", "uptime_seconds", "connected_clients"], Names(redis));
        Assert.Equal(["status", "entries", "size_bytes", "hit_rate_percent"], Names(services.GetProperty("l1")));
        Assert.Equal(["status", "connected", "lag_milliseconds", "gaps"], Names(services.GetProperty("backplane")));
        Assert.Equal(("healthy", true), (redis.GetProperty("status").GetString(), redis.GetProperty("connected").GetBoolean()));
        Assert.EndsWith("MB", redis.GetProperty("memory_usage").GetString(), StringComparison.Ordinal);
        Assert.True(redis.GetProperty("uptime_seconds").GetInt64() >= 0);
        Assert.True(redis.GetProperty("connected_clients").GetInt32() >= 1);
        Assert.True(redis.GetProperty("total_commands") is { ValueKind: JsonValueKind.Null } || redis.GetProperty("total_commands").GetInt64() > 0);
        Assert.True(services.GetProperty("backplane").GetProperty("lag_milliseconds").GetDouble() >= 0);

        var statistics = await (await node.Client.SendAsync(HttpMethod.Get, "v1/statistics")).JsonAsync();
        Assert.Equal(["health", "key_counts", "as_of", "complete", "layers"], Names(statistics));
        Assert.Equal(Names(redis), Names(statistics.GetProperty("health")));
        Assert.True(statistics.GetProperty("key_counts").GetProperty("stock_price").GetInt32() >= 1);
    }

    [Fact]
    public async Task Detailed_ServerKilledAndStarted_IsDegradedMeanwhile()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        await using var node = await ServiceNode.StartAsync(hasStore: false, settings: RedisServers.Patient(server.Address));
        await node.BecomesAsync("healthy", output);
        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.PutTextAsync("v1/entries/k", "1")).StatusCode);

        await server.KillAsync();
        var away = await node.BecomesAsync("degraded", output);
        var read = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k");
        for (var i = 0; i < 5; i++) await node.Client.PutTextAsync($"v1/entries/waits{i}", "1");
        var statistics = await (await node.Client.SendAsync(HttpMethod.Get, "v1/statistics")).JsonAsync();
        await server.StartAsync();
        var back = await node.BecomesAsync("healthy", output);

        HealthWatch.AssertNobodyKnows(away);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(JsonValueKind.Null, statistics.GetProperty("key_counts").ValueKind);
        Assert.True(statistics.GetProperty("layers").GetProperty("breaker_open").GetBoolean());
        Assert.True(statistics.GetProperty("layers").GetProperty("pending_changes").GetInt32() > 0);
        Assert.True(back.GetProperty("connected").GetBoolean());
    }

    [Theory]
    [InlineData("single", false)]
    [InlineData("single", true)]
    [InlineData("cluster", false)]
    [InlineData("cluster", true)]
    [InlineData("embedded", false)]
    [InlineData("embedded", true)]
    public async Task Detailed_ServerDownOrSlow_IsDegradedMeanwhileAndInventsNothing(string kind, bool isSlow)
    {
        await using var redis = await BreakableRedis.StartAsync(kind, isSlow);
        await using var node = await ServiceNode.StartAsync(hasStore: false, settings: redis.Settings);
        await node.BecomesAsync("healthy", output);

        await redis.BreakAsync();
        var away = await node.BecomesAsync("degraded", output);
        await redis.MendAsync();
        var back = await node.BecomesAsync("healthy", output);

        HealthWatch.AssertNobodyKnows(away);
        Assert.True(back.GetProperty("connected").GetBoolean());
        Assert.True(back.GetProperty("uptime_seconds").GetInt64() >= 0);
    }

    [Fact]
    public async Task Health_UserMayNotPublish_IsDegradedInEveryAnswer()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        server.Ask("ACL", "SETUSER", "silent", "on", ">p@ss", "~*", "&*", "+@all", "-publish");
        await using var node = await ServiceNode.StartAsync(hasStore: false, settings: RedisServers.Settings($"redis://silent:p%40ss@{server.Address}"));

        await node.BecomesAsync("degraded", output);
    }

    [Fact]
    public async Task Detailed_AskedByMany_AsksRedisOnceASecond()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        await using var node = await ServiceNode.StartAsync(hasStore: false, settings: RedisServers.Settings(server.Address));
        await node.BecomesAsync("healthy", output);

        var since = TimeProvider.System.GetTimestamp();
        var before = Calls(server);
        for (var i = 0; i < 50; i++) await node.Client.SendAsync(HttpMethod.Get, "health/detailed");
        var calls = Calls(server) - before;
        var took = TimeProvider.System.GetElapsedTime(since);

        // Beside these, our own look before, and what the client itself asks now and then.
        output.WriteLine($"{calls} calls in {took}");
        Assert.InRange(calls, 1, took.TotalSeconds + 3);
    }

    private static int Calls(RedisServerProcess server)
    {
        var calls = System.Text.RegularExpressions.Regex.Match((string)server.Ask("INFO", "commandstats")!, "cmdstat_info:calls=([0-9]+)");
        return int.Parse(calls.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
