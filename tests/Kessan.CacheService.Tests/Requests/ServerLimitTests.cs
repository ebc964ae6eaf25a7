using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kessan.CacheHost.Tests.Client;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Tests.Requests;

/// <summary>Limits that the server itself keeps, before a request is one: it answers those without a body.</summary>
public sealed class ServerLimitTests
{
    [Fact]
    public async Task Connections_MoreThanAllowed_AreClosedAndTheOthersServed()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:Connections"] = "2" });
        using var one = await ConnectAsync(node);
        using var two = await ConnectAsync(node);
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(one));
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(two));

        using (var three = await ConnectAsync(node)) Assert.Null(await AskAsync(three));
        var still = await AskAsync(one);
        two.Close();

        Assert.Equal("HTTP/1.1 200 OK", still);
        await Testing.Eventually.HoldsAsync(async () =>
        {
            using var next = await ConnectAsync(node);
            return await AskAsync(next) == "HTTP/1.1 200 OK";
        });
    }

    [Theory]
    [InlineData(100_000, 1, "431")] // all together
    [InlineData(10, 101, "431")] // too many
    public async Task Headers_MoreThanAllowed_AreRefused(int length, int count, string status)
    {
        await using var node = await ServiceNode.StartAsync();
        string[] headers = [.. Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('h', length)}")];

        var answer = await RawRequest.SendUntilAsync(node.Address, "\r\n\r\n", "GET /v1/memory HTTP/1.1", headers);

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestLine_LongerThanAnyThatKeepsToTheLimits_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();

        var answer = await RawRequest.SendUntilAsync(node.Address, "\r\n\r\n", $"GET /v1/entries/{new string('k', 40_000)} HTTP/1.1");

        Assert.StartsWith("HTTP/1.1 414", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kessan-Lease", 300)]
    [InlineData("Idempotency-Key", 129)]
    [InlineData("If-Match", 300)]
    public async Task Header_LongerThanItsRowAllows_IsAProblem(string name, int length)
    {
        await using var node = await ServiceNode.StartAsync();
        var (method, row) = name switch
        {
            "Kessan-Lease" => (HttpMethod.Post, "v1/leases/k"),
            "Idempotency-Key" => (HttpMethod.Post, "v1/quotas/u/daily"),
            _ => (HttpMethod.Put, "v1/entries/k"),
        };

        var answer = await node.Client.SendAsync(method, row, (name, new string('1', length)));

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Put_LongestKeyAndAllTagsInAnyScript_IsTaken(bool isHttp2)
    {
        await using var node = await ServiceNode.StartAsync(settings: isHttp2 ? Http2Tests.OnThePort : null);
        var key = new string('株', 512);
        var tags = Tags();
        var address = $"v1/entries/{Uri.EscapeDataString(key)}?{string.Join('&', tags.Select(tag => $"tag={Uri.EscapeDataString(tag)}"))}";
        var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StringContent("x") };
        if (isHttp2) (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);

        var put = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        var stored = (await node.Store!.GetAsync(key, StoreReadOptions.Default, TestContext.Current.CancellationToken)).Entry;
        Assert.Equal(tags, stored!.Tags.Select(tag => tag.Tag).Where(tag => tag != "*").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Consumer_LongestKeyAndAllTagsInAnyScript_AreItsEntrysAndInvalidateIt()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var one = ServiceStores.Open(node.Address);
        var (key, tags) = (new string('株', 512), Tags());

        var written = await one.Cache().SetAsync(key, "x", options: null, tags, TestContext.Current.CancellationToken);
        var plain = await node.Client.SendAsync(HttpMethod.Get, $"v1/entries/{Uri.EscapeDataString(key)}");
        await one.Cache().RemoveByTagAsync(tags[15], TestContext.Current.CancellationToken);

        Assert.Equal(Caching.EntryWriteStatus.Stored, written.Status);
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, $"v1/entries/{Uri.EscapeDataString(key)}")).StatusCode);
    }

    /// <summary>As many and as long as an entry may have, of characters that are three bytes each.</summary>
    private static string[] Tags() => [.. Enumerable.Range(10, 16).Select(i => i.ToString(CultureInfo.InvariantCulture) + new string('札', 126))];

    private static async Task<TcpClient> ConnectAsync(ServiceNode node)
    {
        var client = new TcpClient();
        await client.ConnectAsync(node.Address.Host, node.Address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>The first line of an answer; null: the connection was closed instead.</summary>
    private static async Task<string?> AskAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n"), TestContext.Current.CancellationToken);
            var answer = "";
            var buffer = new byte[1024];
            while (!answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken);
                if (read == 0) return null;
                answer += Encoding.ASCII.GetString(buffer, 0, read);
            }

            return answer.Split("\r\n")[0];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
