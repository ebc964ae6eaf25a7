using System.Net;

namespace Kessan.CacheHost.Tests.Requests;

public sealed class KeyDecodingTests
{
    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a/b", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("%E6%A0%AA", "株")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%20b", "a b")]
    [InlineData("/x", "/x")]
    [InlineData("x/", "x/")]
    [InlineData("batch-get", "batch-get")]
    [InlineData("%61%62", "ab")]
    [InlineData("a%3Fb%23c", "a?b#c")]
    public async Task Key_InThePath_IsDecodedOnce(string path, string key)
    {
        await using var node = await ServiceNode.StartAsync();

        var put = await RawRequest.SendAsync(node.Address, $"PUT /v1/entries/{path} HTTP/1.1", "Content-Length: 1", "\r\nx");
        var batch = await node.Client.PostTextAsync("v1/entries/batch-get", System.Text.Json.JsonSerializer.Serialize(new { keys = new[] { key } }));

        Assert.StartsWith("HTTP/1.1 204", put, StringComparison.Ordinal);
        Assert.Equal([key], (await batch.JsonAsync()).GetProperty("entries").EnumerateObject().Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("GET /v1/entries/. HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/.. HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/%2e%2E HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a/../b HTTP/1.1", "400")]
    [InlineData("DELETE /v1/entries/../tags/x HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/%2e%2e/%2e%2e/health HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/%ff HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/%C0%AE HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/%ED%A0%80 HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a% HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a%2 HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a%zz HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a%00b HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a%0Ab HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a%7Fb HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/a%C2%85b HTTP/1.1", "400")]
    [InlineData("GET /%761/entries/a HTTP/1.1", "404")]
    [InlineData("GET /v1/../v1/entries/a HTTP/1.1", "404")]
    [InlineData("GET /v1%2Fentries%2Fa HTTP/1.1", "404")]
    [InlineData("GET /v1/tags/../entries/a HTTP/1.1", "405")]
    [InlineData("DELETE /v1/tags/.. HTTP/1.1", "400")]
    [InlineData("GET /v1/entries/kessan:lease:x HTTP/1.1", "403")]
    [InlineData("GET /v1/entries/%6Bessan%3Alease HTTP/1.1", "403")]
    [InlineData("GET /v1/entries/user_session%3Au1 HTTP/1.1", "403")]
    [InlineData("GET /v1/entries/api_quota:u:daily HTTP/1.1", "403")]
    public async Task Path_OutOfOrder_IsRefused(string line, string status)
    {
        await using var node = await ServiceNode.StartAsync();

        Assert.StartsWith($"HTTP/1.1 {status}", await RawRequest.SendAsync(node.Address, line), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_AbsoluteForm_IsUnderstood()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/a%2Fb", "here");

        var answer = await RawRequest.SendAsync(node.Address, $"GET http://{node.Address.Authority}/v1/entries/a%2Fb?x=1 HTTP/1.1");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.EndsWith("here", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_SlashedAndEncoded_AreTheSame()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/a%2Fb", "1");

        Assert.Equal(HttpStatusCode.OK, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a/b")).StatusCode);
    }
}
