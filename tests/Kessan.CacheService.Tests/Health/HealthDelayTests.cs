using System.Net;
using Kessan.Testing;

namespace Kessan.CacheHost.Tests.Health;

/// <summary>How soon the service says that Redis is away, and that it is back: measured, and so alone.</summary>
[Collection(RunsAlone.Name)]
public sealed class HealthDelayTests(ITestOutputHelper output)
{
    // Long enough for the client of Redis to give up its connection and to be at its longest pause between attempts.
    private static readonly TimeSpan[] Outages = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(6)];

    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Health_RedisAwayAndBack_SaysSoWithinTwoSeconds(bool isSlow)
    {
        await using var redis = await BreakableRedis.StartAsync("single", isSlow);
        await using var node = await ServiceNode.StartAsync(hasStore: false, settings: redis.Settings);
        using var nobody = node.NewClient(null);
        await Eventually.HoldsAsync(async () => await HealthAsync(nobody) == "Healthy");

        foreach (var outage in Outages)
        {
            await redis.BreakAsync();
            await SaysSoonAsync(nobody, "Degraded");
            await StaysDegradedAsync(node, outage);
            await redis.MendAsync();
            await SaysSoonAsync(nobody, "Healthy");
        }
    }

    /// <summary>Counts from the event on, without the time in which the machine did not let this process run: no promise is about that.</summary>
    private async Task SaysSoonAsync(HttpClient client, string word)
    {
        await using var stalls = new StallWatch();
        var since = TimeProvider.System.GetTimestamp();

        await Eventually.HoldsAsync(async () => await HealthAsync(client) == word);

        var (took, stalled) = (TimeProvider.System.GetElapsedTime(since), stalls.Total);
        output.WriteLine($"{word} after {took.TotalMilliseconds:F0} ms, {stalled.TotalMilliseconds:F0} ms of them stalled");
        Assert.True(took - stalled < Promised, $"{word} after {took}, {stalled} of it stalled");
    }

    /// <summary>With traffic, so that the breaker is open when Redis comes back.</summary>
    private static async Task StaysDegradedAsync(ServiceNode node, TimeSpan outage)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < outage)
        {
            await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k");
            Assert.Equal("Degraded", await HealthAsync(node.Client));
        }
    }

    private static async Task<string> HealthAsync(HttpClient client)
    {
        var answer = await client.SendAsync(HttpMethod.Get, "health");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.TextAsync();
    }
}
