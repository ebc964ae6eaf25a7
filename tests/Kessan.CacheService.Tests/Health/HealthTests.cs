using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_StoreAnswers_IsHealthy()
    {
        await using var node = await ServiceNode.StartAsync();
        using var nobody = node.NewClient(null);

        await Testing.Eventually.HoldsAsync(async () => await TextAsync(nobody, "health") == (HttpStatusCode.OK, "Healthy"));

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await TextAsync(nobody, "alive"));
        var detail = await (await node.Client.SendAsync(HttpMethod.Get, "health/detailed")).JsonAsync();
        Assert.Equal("healthy", detail.GetProperty("status").GetString());
        var services = detail.GetProperty("services");
        Assert.True(services.GetProperty("redis").GetProperty("connected").GetBoolean());
        Assert.Equal(JsonValueKind.Null, services.GetProperty("redis").GetProperty("total_commands").ValueKind);
        Assert.Equal("healthy", services.GetProperty("l1").GetProperty("status").GetString());
        Assert.True(services.GetProperty("backplane").GetProperty("connected").GetBoolean());
        Assert.Equal(0, services.GetProperty("backplane").GetProperty("gaps").GetInt32());
    }

    [Fact]
    public async Task Health_StoreAwayAndBack_IsDegradedMeanwhileAndNeverUnhealthy()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Cache:TrustDuration"] = "00:00:01.500" });
        using var nobody = node.NewClient(null);
        await Testing.Eventually.HoldsAsync(async () => (await TextAsync(nobody, "health")).Text == "Healthy");

        node.Store!.IsAway = true;
        node.Store.IsDeaf = true;
        await SaysSoonAsync(nobody, "Degraded");
        var detail = await (await node.Client.SendAsync(HttpMethod.Get, "health/detailed")).JsonAsync();
        node.Store.IsAway = false;
        node.Store.IsDeaf = false;
        await SaysSoonAsync(nobody, "Healthy");

        Assert.Equal("degraded", detail.GetProperty("status").GetString());
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await TextAsync(nobody, "alive"));
    }

    [Fact]
    public async Task Health_NoRedisConfigured_IsDegradedAndServes()
    {
        await using var node = await ServiceNode.StartAsync(hasStore: false);
        using var nobody = node.NewClient(null);

        Assert.Equal((HttpStatusCode.OK, "Degraded"), await TextAsync(nobody, "health"));
        var detail = await (await node.Client.SendAsync(HttpMethod.Get, "health/detailed")).JsonAsync();
        Assert.Equal("degraded", detail.GetProperty("status").GetString());
        Assert.False(detail.GetProperty("services").GetProperty("redis").GetProperty("connected").GetBoolean());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Start_NoRedisConfigured_WarnsOnceAndNamesTheSettings(bool hasStore, int warnings)
    {
        using var log = new LoggedFaults(LogLevel.Warning);
        await using var node = await ServiceNode.StartAsync(hasStore: hasStore, configure: builder => builder.Logging.AddProvider(log));

        var said = log.Seen.Where(line => line.Contains("No Redis is configured", StringComparison.Ordinal)).ToArray();

        Assert.Equal(warnings, said.Length);
        Assert.All(said, line => Assert.Contains("ConnectionStrings:redis, REDIS_CLUSTER_NODES or REDIS_URL", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_Prometheus_HasOursAndNoKeys()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/a-very-personal-key", "x");
        await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a-very-personal-key");
        using var nobody = node.NewClient(null);

        var metrics = await (await node.Client.SendAsync(HttpMethod.Get, "metrics")).TextAsync();

        Assert.Contains("kessan_cache_requests", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("a-very-personal-key", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync(HttpMethod.Get, "metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync(HttpMethod.Get, "health/detailed")).StatusCode);
    }

    private static async Task<(HttpStatusCode Status, string Text)> TextAsync(HttpClient client, string path)
    {
        var response = await client.SendAsync(HttpMethod.Get, path);
        return (response.StatusCode, await response.TextAsync());
    }

    /// <summary>Within 4 s, of which the trust in what was heard takes 1.5; without the time in which the machine did not let this process run.</summary>
    private static async Task SaysSoonAsync(HttpClient client, string word)
    {
        await using var stalls = new Testing.StallWatch();
        var since = TimeProvider.System.GetTimestamp();
        await Testing.Eventually.HoldsAsync(async () => await TextAsync(client, "health") == (HttpStatusCode.OK, word));
        Assert.True(TimeProvider.System.GetElapsedTime(since) - stalls.Total < TimeSpan.FromSeconds(4));
    }
}
