using System.Net;
using System.Text;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.CacheHost.Tests.Entries;

public sealed class EntryTests
{
    [Fact]
    public async Task Get_NoEntry_IsNotFound()
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/nobody")).IsProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Get_AfterPut_GivesBytesTypeAndHeaders()
    {
        await using var node = await ServiceNode.StartAsync();
        var put = await node.Client.PutTextAsync("v1/entries/greeting?ttl=300&tag=a&tag=b%22c", "こんにちは", "text/html");

        var got = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/greeting");

        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal(HttpStatusCode.OK, got.StatusCode);
        Assert.Equal("こんにちは", await got.TextAsync());
        Assert.Equal("text/html; charset=utf-8", got.Header("Content-Type"));
        Assert.Equal(put.Header("ETag"), got.Header("ETag"));
        Assert.Matches("^\"[0-9]+\"$", got.Header("ETag"));
        Assert.Equal("private, max-age=300", string.Join(", ", got.Header("Cache-Control")!.Split(", ").Order().Reverse()));
        Assert.Matches("^kessan; hit; ttl=(300|29[0-9]); detail=l1$", got.Header("Cache-Status"));
        Assert.Equal("\"a\", \"b\\\"c\"", got.Header("Cache-Groups"));
        Assert.Equal("nosniff", got.Header("X-Content-Type-Options"));
        Assert.StartsWith("sandbox", got.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{12}$", got.Header("Kessan-Node"));
    }

    [Fact]
    public async Task Get_AgeAndMaxAge_TellTheTimeLeft()
    {
        var time = new FakeTimeProvider();
        await using var node = await ServiceNode.StartAsync(
            new InMemoryCacheServer(time), configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await node.Client.PutTextAsync("v1/entries/k?ttl=300", "x");

        time.Advance(TimeSpan.FromSeconds(100));
        var got = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k");

        Assert.Equal("100", got.Header("Age"));
        Assert.Contains("ttl=200", got.Header("Cache-Status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_Entry_GivesTheHeadersOnly()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/k", "12345");

        var head = await node.Client.SendAsync(HttpMethod.Head, "v1/entries/k");

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(5, head.Content.Headers.ContentLength);
        Assert.NotNull(head.Header("ETag"));
        Assert.Empty(await head.TextAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Head, "v1/entries/nobody")).StatusCode);
    }

    [Fact]
    public async Task Get_IfNoneMatch_IsNotModifiedWhileItMatches()
    {
        await using var node = await ServiceNode.StartAsync();
        var tag = (await node.Client.PutTextAsync("v1/entries/k", "1")).Header("ETag")!;

        var same = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k", ("If-None-Match", $"\"x\", W/{tag}"));
        await node.Client.PutTextAsync("v1/entries/k", "2");
        var changed = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k", ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(tag, same.Header("ETag"));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Theory]
    [InlineData("stock_price:7203:latest", "", 300)]
    [InlineData("news_data:7203:earnings", "", 3600)]
    [InlineData("my_key", "", 300)]
    [InlineData("my_key", "?type=financial_data", 86400)]
    [InlineData("stock_price:7203:latest", "?type=ai_analysis", 21600)]
    [InlineData("stock_price:7203:latest", "?type=ai_analysis&ttl=7", 7)]
    public async Task Put_Lifetime_IsTtlThenTypeThenPrefixThen300(string key, string query, int seconds)
    {
        await using var node = await ServiceNode.StartAsync();

        await node.Client.PutTextAsync($"v1/entries/{key}{query}", "x");

        var got = await node.Client.SendAsync(HttpMethod.Get, $"v1/entries/{key}");
        Assert.Equal(TimeSpan.FromSeconds(seconds), got.Headers.CacheControl!.MaxAge);
    }

    [Fact]
    public async Task Put_KeyAboutAStock_HasTheStocksTag()
    {
        await using var node = await ServiceNode.StartAsync();

        await node.Client.PutTextAsync("v1/entries/stock_price:7203:latest", "x");

        Assert.Equal("\"stock:7203\"", (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/stock_price:7203:latest")).Header("Cache-Groups"));
    }

    [Fact]
    public async Task Put_IfNoneMatchStar_OnlyAdds()
    {
        await using var node = await ServiceNode.StartAsync();

        var first = await PutAsync(node, "1", ("If-None-Match", "*"));
        var second = await PutAsync(node, "2", ("If-None-Match", "*"));

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        await second.IsProblemAsync(HttpStatusCode.PreconditionFailed, "condition-failed");
        Assert.Equal("1", await node.Client.GetStringAsync("v1/entries/k", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Put_IfMatch_ComparesAndSets()
    {
        await using var node = await ServiceNode.StartAsync();
        var tag = (await PutAsync(node, "1")).Header("ETag")!;

        var right = await PutAsync(node, "2", ("If-Match", tag));
        var wrong = await PutAsync(node, "3", ("If-Match", tag));
        var foreign = await PutAsync(node, "3", ("If-Match", "\"of-another-server\""));

        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        await wrong.IsProblemAsync(HttpStatusCode.PreconditionFailed, "condition-failed");
        await foreign.IsProblemAsync(HttpStatusCode.PreconditionFailed, "condition-failed");
        Assert.Equal("2", await node.Client.GetStringAsync("v1/entries/k", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("If-Match", "*")]
    [InlineData("If-Match", "unquoted")]
    [InlineData("If-None-Match", "\"1\"")]
    [InlineData("Kessan-Lease", "a-nonce-of-more-than-sixty-four-characters-is-more-than-anyone-needs")]
    public async Task Put_ConditionNotUnderstood_IsRefused(string header, string value)
    {
        await using var node = await ServiceNode.StartAsync();

        await (await PutAsync(node, "x", (header, value))).IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Put_StoreAway_IsAcceptedAndConditionsAreNot()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        var plain = await PutAsync(node, "1");
        var kept = await node.Client.GetStringAsync("v1/entries/k", TestContext.Current.CancellationToken);
        var conditional = await PutAsync(node, "2", ("If-None-Match", "*"));

        Assert.Equal(HttpStatusCode.Accepted, plain.StatusCode);
        Assert.Equal("1", kept);
        await conditional.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        Assert.NotNull(conditional.Header("Retry-After"));
    }

    [Fact]
    public async Task Put_NoRedisConfigured_IsKeptInL1()
    {
        await using var node = await ServiceNode.StartAsync(hasStore: false);

        var put = await PutAsync(node, "1");
        var conditional = await PutAsync(node, "2", ("If-None-Match", "*"));

        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        await conditional.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        Assert.Equal("1", await node.Client.GetStringAsync("v1/entries/k", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Delete_Entry_RemovesItOnce()
    {
        await using var node = await ServiceNode.StartAsync();
        await PutAsync(node, "1");

        var first = await node.Client.SendAsync(HttpMethod.Delete, "v1/entries/k");
        var second = await node.Client.SendAsync(HttpMethod.Delete, "v1/entries/k");
        node.Store!.IsAway = true;
        var third = await node.Client.SendAsync(HttpMethod.Delete, "v1/entries/k");

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        await second.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.Accepted, third.StatusCode);
    }

    [Fact]
    public async Task Patch_Entry_LivesAsLongFromNow()
    {
        await using var node = await ServiceNode.StartAsync();
        await PutAsync(node, "1");

        var touched = await node.Client.SendAsync(HttpMethod.Patch, "v1/entries/k?ttl=1000");
        var nobody = await node.Client.SendAsync(HttpMethod.Patch, "v1/entries/nobody?ttl=1000");

        Assert.Equal(HttpStatusCode.NoContent, touched.StatusCode);
        await nobody.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
        var got = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k", ("Cache-Control", "no-cache"));
        Assert.InRange(got.Headers.CacheControl!.MaxAge!.Value.TotalSeconds, 999, 1010);
    }

    [Fact]
    public async Task Get_NoCache_ReadsPastL1()
    {
        var server = new InMemoryCacheServer();
        await using var node = await ServiceNode.StartAsync(server);
        await PutAsync(node, "old");
        var other = new InMemoryCacheStore(server);
        await other.SetAsync(new("k", new() { Payload = Encoding.UTF8.GetBytes("new"), Lifetime = TimeSpan.FromMinutes(1) }), TestContext.Current.CancellationToken);

        var past = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k", ("Cache-Control", "no-cache"));

        Assert.Equal("new", await past.TextAsync());
        Assert.Contains("detail=l2", past.Header("Cache-Status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ValueOfAnEngine_IsGivenAsWhatItIs()
    {
        var server = new InMemoryCacheServer();
        await using var node = await ServiceNode.StartAsync(server);
        var engine = new InMemoryCacheStore(server);
        await WriteAsync("json", "{\"a\":1}", StoredEntryTraits.None);
        await WriteAsync("null", "", StoredEntryTraits.Null);
        await WriteAsync("bytes", "\u0001{", StoredEntryTraits.None);

        var json = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/json");
        var nothing = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/null");
        var bytes = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/bytes");

        Assert.Equal(("application/json", "{\"a\":1}"), (json.Header("Content-Type"), await json.TextAsync()));
        Assert.Equal(("application/json", "null"), (nothing.Header("Content-Type"), await nothing.TextAsync()));
        Assert.Equal("application/octet-stream", bytes.Header("Content-Type"));

        async Task WriteAsync(string key, string text, StoredEntryTraits traits) => await engine.SetAsync(
            new(key, new() { Payload = Encoding.UTF8.GetBytes(text), Lifetime = TimeSpan.FromMinutes(1), Traits = traits }),
            TestContext.Current.CancellationToken);
    }

    private static Task<HttpResponseMessage> PutAsync(ServiceNode node, string text, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "v1/entries/k") { Content = new StringContent(text) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
