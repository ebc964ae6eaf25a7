using System.Net;

namespace Kessan.CacheHost.Tests.Tags;

public sealed class TagTests
{
    [Fact]
    public async Task Delete_Tag_InvalidatesWhatCarriesIt()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/a?tag=x/y", "1");
        await node.Client.PutTextAsync("v1/entries/b?tag=z", "1");

        var deleted = await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/x%2Fy");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("\"x/y\"", deleted.Header("Cache-Group-Invalidation"));
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/b")).StatusCode);
    }

    [Fact]
    public async Task Delete_Star_NeedsAdminAndInvalidatesEverything()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/a", "1");
        using var writer = node.NewClient(ServiceNode.WriterKey);

        await (await writer.SendAsync(HttpMethod.Delete, "v1/tags/*")).IsProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
        await (await writer.PostTextAsync("v1/tags/batch-delete", """{"tags":["*"]}""")).IsProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
        var deleted = await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/*");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a")).StatusCode);
    }

    [Fact]
    public async Task Delete_StoreAway_IsAccepted()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        Assert.Equal(HttpStatusCode.Accepted, (await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/x")).StatusCode);
    }

    [Fact]
    public async Task BatchDelete_CountableTag_Counts()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/stock_price:7203:latest", "1");
        await node.Client.PutTextAsync("v1/entries/news_data:7203:all", "1");

        var answer = await (await node.Client.PostTextAsync("v1/tags/batch-delete", """{"tags":["stock:7203","other"]}""")).JsonAsync();

        Assert.Equal(2, answer.GetProperty("deleted").GetInt32());
    }

    [Fact]
    public async Task Generations_Tags_AreUniqueAndChange()
    {
        await using var node = await ServiceNode.StartAsync();

        var before = await ReadAsync();
        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/a");
        var after = await ReadAsync();

        Assert.Equal(2, before.Distinct().Count());
        Assert.NotEqual(before[0], after[0]);
        Assert.Equal(before[1], after[1]);

        async Task<string[]> ReadAsync()
        {
            var body = await (await node.Client.PostTextAsync("v1/tags/generations", """{"tags":["a","b"]}""")).JsonAsync();
            return [.. body.GetProperty("generations").EnumerateArray().Select(generation => generation.GetString()!)];
        }
    }

    [Theory]
    [InlineData(ServiceNode.ReaderKey)] // a tag that nobody knows gets a generation
    [InlineData(ServiceNode.WriterKey)]
    public async Task Generations_OneScopeOfTwo_AreRefused(string key)
    {
        await using var node = await ServiceNode.StartAsync();
        using var client = node.NewClient(key);

        await (await client.PostTextAsync("v1/tags/generations", """{"tags":["a"]}""")).IsProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
        Assert.Equal(0, node.Store!.OperationsOn("a"));
    }

    [Fact]
    public async Task Generations_StoreAway_SaysSo()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        await (await node.Client.PostTextAsync("v1/tags/generations", """{"tags":["a"]}""")).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }
}
