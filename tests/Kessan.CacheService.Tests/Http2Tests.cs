using System.Net;
using Kessan.CacheHost.Tests.Client;
using Kessan.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests;

/// <summary>The same service on a port that speaks HTTP/2 without TLS.</summary>
public sealed class Http2Tests
{
    /// <summary>Without TLS a port has one protocol.</summary>
    public static Dictionary<string, string?> OnThePort => new() { ["Kestrel:EndpointDefaults:Protocols"] = "Http2" };

    [Fact]
    public async Task Entry_WrittenReadAndRemoved_AnswersAsInHttp1()
    {
        await using var node = await ServiceNode.StartAsync(settings: OnThePort);
        Speak(node.Client);

        var put = await node.Client.PutTextAsync("v1/entries/a%252Fb?ttl=60&tag=t", "x");
        var read = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a%252Fb");
        var head = await node.Client.SendAsync(HttpMethod.Head, "v1/entries/a%252Fb");
        var same = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a%252Fb", ("If-None-Match", put.Header("ETag")!));
        var batch = await node.Client.PostTextAsync("v1/entries/batch-get", """{"keys":["a%2Fb"]}""");
        var lease = await node.Client.SendAsync(HttpMethod.Post, "v1/leases/k", ("Kessan-Lease", "n"));
        var removed = await node.Client.SendAsync(HttpMethod.Delete, "v1/entries/a%252Fb");

        Assert.Equal((HttpStatusCode.NoContent, HttpVersion.Version20), (put.StatusCode, put.Version));
        Assert.Equal((HttpStatusCode.OK, "x"), (read.StatusCode, await read.TextAsync()));
        Assert.Equal("\"t\"", read.Header("Cache-Groups"));
        Assert.Equal((HttpStatusCode.OK, "1"), (head.StatusCode, head.Header("Content-Length")));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.True((await batch.JsonAsync()).GetProperty("entries").TryGetProperty("a%2Fb", out _));
        Assert.Equal(HttpStatusCode.Created, lease.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    [Fact]
    public async Task Refusals_AreTheSameProblems()
    {
        await using var node = await ServiceNode.StartAsync(settings: new(OnThePort) { ["Kessan:Service:Limits:ValueBytes"] = "1024" });
        using var nobody = node.NewClient(null);
        Speak(node.Client);
        Speak(nobody);

        await (await nobody.SendAsync(HttpMethod.Get, "v1/entries/k")).IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).IsProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/a%2F..%2Fb")).IsProblemAsync(HttpStatusCode.BadRequest, "invalid-key");
        await (await node.Client.PutTextAsync("v1/entries/k", new string('x', 1025))).IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        node.Store!.IsAway = true;
        var away = await node.Client.PutTextAsync("v1/sessions/u", "x");
        await away.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        Assert.Equal("1", away.Header("Retry-After"));
    }

    [Fact]
    public async Task Consumers_OverHttp2_HearOfEachOthersChanges()
    {
        await using var node = await ServiceNode.StartAsync(settings: OnThePort);
        Dictionary<string, string?> settings = new() { ["Kessan:CacheService:Http2"] = "true" };
        await using var one = ServiceStores.Open(node.Address, settings);
        await using var two = ServiceStores.Open(node.Address, settings);
        var cancelled = TestContext.Current.CancellationToken;
        await one.Cache().SetAsync("k", "old", cancellationToken: cancelled);
        await Testing.Eventually.HoldsAsync(async () => await two.Cache().TryGetAsync<string>("k", cancelled) is { Layer: CacheLayer.L1, Value: "old" });

        await one.Cache().SetAsync("k", "new", cancellationToken: cancelled);

        await Testing.Eventually.HoldsAsync(async () => await two.Cache().TryGetAsync<string>("k", cancelled) is { Layer: CacheLayer.L1, Value: "new" });
    }

    [Theory]
    [InlineData("false", HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("true", HttpVersionPolicy.RequestVersionExact)]
    public async Task Consumer_TakesTheBetterVersion_WhereItCanBeFoundOut(string http2, HttpVersionPolicy expected)
    {
        await using var consumer = ServiceStores.Open(new Uri("https://cache.example"), new() { ["Kessan:CacheService:Http2"] = http2 });

        using var client = consumer.GetRequiredService<IHttpClientFactory>().CreateClient(CacheServiceExtensions.ClientName);

        // With "or lower" TLS finds out what the service speaks, and without TLS it is HTTP/1.1.
        Assert.Equal((HttpVersion.Version20, expected), (client.DefaultRequestVersion, client.DefaultVersionPolicy));
    }

    private static void Speak(HttpClient client)
        => (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
}
