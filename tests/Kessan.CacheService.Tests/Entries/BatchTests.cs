using System.Net;
using System.Text.Json;

namespace Kessan.CacheHost.Tests.Entries;

public sealed class BatchTests
{
    [Fact]
    public async Task BatchGet_SomeThere_GivesValuesAndNamesTheMissing()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/json?tag=a", "{\"price\": 2500.5}", "application/json");
        await node.Client.PutTextAsync("v1/entries/text", "not json");

        var response = await node.Client.PostTextAsync("v1/entries/batch-get", """{"keys":["json","nobody","text","json"]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal(["nobody"], body.GetProperty("missing").EnumerateArray().Select(key => key.GetString()));
        var json = body.GetProperty("entries").GetProperty("json");
        Assert.Equal(2500.5, json.GetProperty("value").GetProperty("price").GetDouble());
        Assert.InRange(json.GetProperty("ttl").GetDouble(), 290, 300);
        Assert.InRange(json.GetProperty("age").GetDouble(), 0, 10);
        Assert.False(json.GetProperty("stale").GetBoolean());
        Assert.Matches("^\"[0-9]+\"$", json.GetProperty("etag").GetString());
        Assert.Equal("a", json.GetProperty("tags")[0].GetString());
        Assert.Equal("l1", json.GetProperty("layer").GetString());
        var text = body.GetProperty("entries").GetProperty("text");
        Assert.Equal("base64", text.GetProperty("encoding").GetString());
        Assert.Equal("not json"u8.ToArray(), text.GetProperty("value").GetBytesFromBase64());
    }

    [Fact]
    public async Task BatchSet_GoodAndBad_StoresTheGoodAndSaysWhyNotTheBad()
    {
        await using var node = await ServiceNode.StartAsync();

        var response = await node.Client.PostTextAsync("v1/entries/batch-set", """
            {"entries":{
              "a":{"value":{"x":1},"ttl":60,"tags":["t"]},
              "b":{"value":"AQID","encoding":"base64","content_type":"image/png"},
              "c":{"value":1,"ttl":0.001},
              "d":{"value":1,"type":"nonsense"},
              "e":{"value":1,"encoding":"base64"},
              "f":{"value":1,"tags":["*"]}}}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal(2, body.GetProperty("stored").GetInt32());
        Assert.Equal(["c", "d", "e", "f"], body.GetProperty("failed").EnumerateObject().Select(failure => failure.Name).Order());
        var a = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a");
        Assert.Equal("{\"x\":1}", await a.TextAsync());
        Assert.Equal("application/json", a.Header("Content-Type"));
        Assert.Equal(TimeSpan.FromSeconds(60), a.Headers.CacheControl!.MaxAge);
        var b = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/b");
        Assert.Equal([1, 2, 3], await b.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("image/png", b.Header("Content-Type"));
    }

    [Fact]
    public async Task BatchDelete_SomeThere_CountsThem()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/a", "1");
        await node.Client.PutTextAsync("v1/entries/b", "1");

        var response = await node.Client.PostTextAsync("v1/entries/batch-delete", """{"keys":["a","nobody","b"]}""");

        Assert.Equal(2, (await response.JsonAsync()).GetProperty("deleted").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a")).StatusCode);
    }

    [Theory]
    [InlineData("batch-get", "")]
    [InlineData("batch-get", "{")]
    [InlineData("batch-get", "null")]
    [InlineData("batch-get", "[]")]
    [InlineData("batch-get", "{}")]
    [InlineData("batch-get", """{"keys":null}""")]
    [InlineData("batch-get", """{"keys":[null]}""")]
    [InlineData("batch-get", """{"keys":[1]}""")]
    [InlineData("batch-set", """{"entries":{"a":{}}}""")]
    [InlineData("batch-set", """{"entries":{"a":null}}""")]
    [InlineData("batch-set", """{"entries":{"a":{"value":1},"a":{"value":2}}}""")]
    [InlineData("batch-set", """{"entries":[]}""")]
    public async Task Batch_NotItsJson_IsRefused(string row, string body)
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.PostTextAsync($"v1/entries/{row}", body)).IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("""{"keys":["user_session:u1"]}""", HttpStatusCode.Forbidden, "prefix-refused")]
    [InlineData("""{"keys":[""]}""", HttpStatusCode.BadRequest, "invalid-key")]
    [InlineData("""{"keys":["a\u0000b"]}""", HttpStatusCode.BadRequest, "invalid-key")]
    [InlineData("""{"keys":["\ud800"]}""", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task BatchGet_BadKey_IsRefused(string body, HttpStatusCode status, string slug)
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.PostTextAsync("v1/entries/batch-get", body)).IsProblemAsync(status, slug);
    }

    [Fact]
    public async Task Batch_NoJson_IsUnsupported()
    {
        await using var node = await ServiceNode.StartAsync();

        var response = await node.Client.PostAsync(
            "v1/entries/batch-get", new StringContent("""{"keys":[]}"""), TestContext.Current.CancellationToken);

        await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task BatchSet_StoreAway_IsAccepted()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        var response = await node.Client.PostTextAsync("v1/entries/batch-set", """{"entries":{"a":{"value":1}}}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(1, (await response.JsonAsync()).GetProperty("stored").GetInt32());
    }

    [Fact]
    public async Task BatchGet_ManyLargeValues_IsStreamedWhole()
    {
        await using var node = await ServiceNode.StartAsync();
        var text = JsonSerializer.Serialize(new string('x', 100_000));
        for (var i = 0; i < 20; i++) await node.Client.PutTextAsync($"v1/entries/large:{i}", text, "application/json");

        var keys = JsonSerializer.Serialize(new { keys = Enumerable.Range(0, 20).Select(i => $"large:{i}") });
        var body = await (await node.Client.PostTextAsync("v1/entries/batch-get", keys)).JsonAsync();

        Assert.Equal(20, body.GetProperty("entries").EnumerateObject().Count(entry => entry.Value.GetProperty("value").GetString()!.Length == 100_000));
    }
}
