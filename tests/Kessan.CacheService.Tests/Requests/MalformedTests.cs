using System.Net;
using System.Text;

namespace Kessan.CacheHost.Tests.Requests;

/// <summary>Simple mistakes in a request: each is the request's fault, and said so.</summary>
public sealed class MalformedTests
{
    [Theory]
    [InlineData("GET", "v1/entries/%20", "")]
    [InlineData("PUT", "v1/entries/%20", "x")]
    [InlineData("DELETE", "v1/entries/%E3%80%80", "")]
    [InlineData("PUT", "v1/entries/k?tag=%20", "x")]
    [InlineData("PUT", "v1/entries/k?tag=", "x")]
    [InlineData("DELETE", "v1/tags/%20", "")]
    [InlineData("POST", "v1/tags/batch-delete", """{"tags":[" "]}""")]
    [InlineData("POST", "v1/entries/batch-get", """{"keys":[" "]}""")]
    [InlineData("POST", "v1/entries/batch-delete", """{"keys":["\t"]}""")]
    [InlineData("POST", "v1/entries/batch-set", """{"entries":{" ":{"value":1}}}""")]
    [InlineData("POST", "v1/leases/batch", """{"leases":[{"key":" ","nonce":"n"}]}""")]
    [InlineData("GET", "v1/sessions/%20", "")]
    [InlineData("DELETE", "v1/stocks/%20", "")]
    public async Task Name_Blank_IsInvalid(string method, string address, string body)
    {
        await using var node = await ServiceNode.StartAsync();
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-key");
    }

    [Fact]
    public async Task BatchSet_TagIsNull_FailsThatEntryAlone()
    {
        await using var node = await ServiceNode.StartAsync();

        var answer = await node.Client.PostTextAsync("v1/entries/batch-set", """{"entries":{"a":{"value":1,"tags":[null]},"b":{"value":2}}}""");

        await FailsAloneAsync(answer);
    }

    [Theory]
    [InlineData("\"value\":\"\u00ff\"")]
    [InlineData("\"value\":{\"x\":[\"\u00c0\u0080\"]}")]
    [InlineData("\"encoding\":\"base64\",\"value\":\"\u00ff\"")]
    [InlineData("\"encoding\":\"base64\",\"value\":\"\\ud800\"")]
    public async Task BatchSet_ValueIsNoUnicode_FailsThatEntryAlone(string item)
    {
        await using var node = await ServiceNode.StartAsync();
        var body = new ByteArrayContent(Encoding.Latin1.GetBytes("{\"entries\":{\"a\":{" + item + "},\"b\":{\"value\":2}}}"));
        body.Headers.ContentType = new("application/json");

        var answer = await node.Client.PostAsync("v1/entries/batch-set", body, TestContext.Current.CancellationToken);

        await FailsAloneAsync(answer);
    }

    [Fact]
    public async Task DeleteStock_TickerLongerThanAnyKey_NamesTheLimit()
    {
        await using var node = await ServiceNode.StartAsync();

        var answer = await node.Client.SendAsync(HttpMethod.Delete, $"v1/stocks/{new string('!', 3400)}");

        var problem = await answer.IsProblemAsync(HttpStatusCode.BadRequest, "limit-exceeded");
        Assert.Equal("KeyLength", problem.GetProperty("limit_name").GetString());
    }

    private static async Task FailsAloneAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.JsonAsync();
        Assert.Equal(1, body.GetProperty("stored").GetInt32());
        Assert.Equal("a", Assert.Single(body.GetProperty("failed").EnumerateObject()).Name);
    }
}
