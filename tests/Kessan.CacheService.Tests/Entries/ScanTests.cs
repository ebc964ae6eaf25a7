using System.Net;

namespace Kessan.CacheHost.Tests.Entries;

public sealed class ScanTests
{
    [Fact]
    public async Task List_Pattern_GivesAllPages()
    {
        await using var node = await ServiceNode.StartAsync();
        for (var i = 0; i < 25; i++) await node.Client.PutTextAsync($"v1/entries/news_data:{i}:all", "x");
        await node.Client.PutTextAsync("v1/entries/other", "x");

        HashSet<string> keys = [];
        string? cursor = "";
        do
        {
            var address = "v1/entries?pattern=news_data:*&limit=10" + (cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            var page = await (await node.Client.SendAsync(HttpMethod.Get, address)).JsonAsync();
            foreach (var key in page.GetProperty("keys").EnumerateArray()) keys.Add(key.GetString()!);
            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(25, keys.Count);
    }

    [Fact]
    public async Task Delete_Pattern_RemovesAndCountsAndIsNotServedAgain()
    {
        await using var node = await ServiceNode.StartAsync();
        for (var i = 0; i < 25; i++) await node.Client.PutTextAsync($"v1/entries/news_data:{i}:all", "x");
        await node.Client.PutTextAsync("v1/entries/other", "x");

        var answer = await (await node.Client.SendAsync(HttpMethod.Delete, "v1/entries?pattern=news_data:*")).JsonAsync();

        Assert.Equal(25, answer.GetProperty("deleted").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/news_data:3:all")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/other")).StatusCode);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("?pattern=", HttpStatusCode.BadRequest, "invalid-key")]
    [InlineData("?pattern=*", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("?pattern=a*b*c*d*e*", HttpStatusCode.BadRequest, "limit-exceeded")]
    [InlineData("?pattern=user_session:*", HttpStatusCode.Forbidden, "prefix-refused")]
    [InlineData("?pattern=user*", HttpStatusCode.Forbidden, "prefix-refused")]
    [InlineData("?pattern=b*&limit=0", HttpStatusCode.BadRequest, "limit-exceeded")]
    [InlineData("?pattern=b*&limit=1001", HttpStatusCode.BadRequest, "limit-exceeded")]
    [InlineData("?pattern=b*&limit=x", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task List_BadPattern_IsRefused(string query, HttpStatusCode status, string slug)
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.SendAsync(HttpMethod.Get, $"v1/entries{query}")).IsProblemAsync(status, slug);
    }

    [Fact]
    public async Task List_CursorOfNobody_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries?pattern=b*&cursor=nonsense")).IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task List_StoreAway_SaysSo()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries?pattern=b*")).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }
}
