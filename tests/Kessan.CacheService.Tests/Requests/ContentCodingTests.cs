using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Kessan.CacheHost.Tests.Requests;

/// <summary>A body that is not the whole value as it is would be stored as another value.</summary>
public sealed class ContentCodingTests
{
    [Theory]
    [InlineData("PUT", "v1/entries/k", "x", "gzip")]
    [InlineData("PUT", "v1/entries/k", "x", "identity, br")]
    [InlineData("PUT", "v1/sessions/u", "x", "zstd")]
    [InlineData("PUT", "v1/stocks/1/price", "x", "deflate")]
    [InlineData("POST", "v1/entries/batch-set", """{"entries":{"k":{"value":1}}}""", "gzip")]
    [InlineData("POST", "v1/entries/batch-get", """{"keys":["k"]}""", "gzip")]
    [InlineData("POST", "v1/tags/batch-delete", """{"tags":["k"]}""", "gzip")]
    [InlineData("POST", "v1/leases/batch", """{"leases":[]}""", "gzip")]
    [InlineData("POST", "v1/warm", """{"keys":["k"]}""", "gzip")]
    public async Task Body_Coded_IsRefusedAndSaysWhatIsTaken(string method, string address, string body, string coding)
    {
        await using var node = await ServiceNode.StartAsync();

        var answer = await SendAsync(node, method, address, body, "Content-Encoding", coding);

        await answer.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-encoding");
        Assert.Equal("identity", answer.Header("Accept-Encoding"));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("")]
    public async Task Body_AsItIs_IsTaken(string coding)
    {
        await using var node = await ServiceNode.StartAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(node, "PUT", "v1/entries/k", "x", "Content-Encoding", coding)).StatusCode);
    }

    [Theory]
    [InlineData("PUT", "v1/entries/k", "x")]
    [InlineData("PUT", "v1/sessions/u", "x")]
    [InlineData("POST", "v1/entries/batch-set", """{"entries":{"k":{"value":1}}}""")]
    public async Task Body_PartOfAValue_IsRefused(string method, string address, string body)
    {
        await using var node = await ServiceNode.StartAsync();

        var answer = await SendAsync(node, method, address, body, "Content-Range", "bytes 0-0/2");

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(ServiceNode node, string method, string address, string body, string header, string value)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.TryAddWithoutValidation(header, value);
        return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
