using System.Net;
using System.Text.Json;
using Kessan.Testing;

namespace Kessan.CacheHost.Tests.Statistics;

/// <summary>What <c>POST /v1/maintenance/cleanup</c> takes away, over a real server.</summary>
public sealed class CleanupTests(RedisServers servers)
{
    [Fact]
    public async Task Cleanup_EntryPastItsLife_LeavesTheFirstLayer()
    {
        RedisServers.SkipWithoutServer();
        await using var node = await ServiceNode.StartAsync(hasStore: false, settings: await servers.SettingsAsync("single"));
        await Eventually.HoldsAsync(async () =>
            (await node.Client.PutTextAsync($"v1/entries/{Guid.NewGuid():N}?ttl=1", "1")).StatusCode == HttpStatusCode.NoContent);
        var removed = 0;

        JsonElement report = default;
        await Eventually.HoldsAsync(async () =>
        {
            report = await (await node.Client.SendAsync(HttpMethod.Post, "v1/maintenance/cleanup")).JsonAsync();
            removed += report.GetProperty("l1").GetProperty("entries").GetInt32();
            return removed > 0;
        });

        Assert.True(report.GetProperty("redis").GetProperty("complete").GetBoolean());
    }
}
