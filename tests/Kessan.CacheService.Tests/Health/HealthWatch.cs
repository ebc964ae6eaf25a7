using System.Net;
using System.Text.Json;

namespace Kessan.CacheHost.Tests.Health;

/// <summary>Waits for what the service says of itself.</summary>
internal static class HealthWatch
{
    // The promise of two seconds is measured by HealthDelayTests; beside other tests, and with a cluster that must agree first, it takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits for a status, with /health at 200 all the while, and gives what is told of Redis.</summary>
    public static async Task<JsonElement> BecomesAsync(this ServiceNode node, string status, ITestOutputHelper output)
    {
        var since = TimeProvider.System.GetTimestamp();
        JsonElement redis = default;
        await Testing.Eventually.HoldsAsync(
            async () =>
            {
                var health = await node.Client.SendAsync(HttpMethod.Get, "health");
                Assert.Equal(HttpStatusCode.OK, health.StatusCode);
                var word = await health.TextAsync();
                var detail = await (await node.Client.SendAsync(HttpMethod.Get, "health/detailed")).JsonAsync();
                redis = detail.GetProperty("services").GetProperty("redis");
                return word.Equals(status, StringComparison.OrdinalIgnoreCase)
                    && detail.GetProperty("status").GetString() == status && redis.GetProperty("status").GetString() == status;
            },
            Patience,
            $"the service is {status}");
        output.WriteLine($"{status} after {TimeProvider.System.GetElapsedTime(since).TotalMilliseconds:F0} ms");
        return redis;
    }

    /// <summary>Asserts that a Redis that does not answer has no figures.</summary>
    public static void AssertNobodyKnows(JsonElement redis)
    {
        Assert.False(redis.GetProperty("connected").GetBoolean());
        foreach (var name in (string[])["hit_rate_percent", "memory_usage", "total_commands", "uptime_seconds", "connected_clients"])
        {
            Assert.Equal(JsonValueKind.Null, redis.GetProperty(name).ValueKind);
        }
    }
}
