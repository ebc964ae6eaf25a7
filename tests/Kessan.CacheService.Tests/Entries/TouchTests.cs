using System.Net;
using Kessan.Caching.Storage.Memory;
using Kessan.Testing;

namespace Kessan.CacheHost.Tests.Entries;

/// <summary>A new lifetime for an entry that first layers hold already.</summary>
public sealed class TouchTests
{
    [Fact]
    public async Task Patch_Shorter_ReachesTheFirstLayersOfAllNodes()
    {
        var server = new InMemoryCacheServer();
        await using var first = await ServiceNode.StartAsync(server);
        await using var second = await ServiceNode.StartAsync(server);
        await first.Client.PutTextAsync("v1/entries/k?ttl=3000", "x");
        Assert.Contains("ttl=29", await StatusAsync(second), StringComparison.Ordinal);
        Assert.Contains("detail=l1", await StatusAsync(second), StringComparison.Ordinal);

        var patch = await first.Client.SendAsync(HttpMethod.Patch, "v1/entries/k?ttl=50");

        Assert.Equal(HttpStatusCode.NoContent, patch.StatusCode);
        Assert.Matches("ttl=(50|4[0-9]);", await StatusAsync(first)); // read your writes
        await Eventually.HoldsAsync(async () => System.Text.RegularExpressions.Regex.IsMatch(await StatusAsync(second), "ttl=(50|4[0-9]);"));
        var read = await second.Client.SendAsync(HttpMethod.Get, "v1/entries/k");
        Assert.Equal("x", await read.TextAsync());
        Assert.Equal($"\"{patch.Header("Kessan-Version")}\"", read.Header("ETag"));
    }

    [Fact]
    public async Task Get_SlideOfAnInvalidatedEntry_IsAMiss()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/k?tag=t", "x");
        var before = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k?slide=600");

        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/t");
        var after = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k?slide=600");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await after.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    private static async Task<string> StatusAsync(ServiceNode node)
        => (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).Header("Cache-Status") ?? "";
}
