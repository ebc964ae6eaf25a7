using System.Diagnostics.Metrics;
using System.Net;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.CacheHost.Tests.Entries;

/// <summary>A hit in L1 is answered before the request is routed; nobody may see that by the answer.</summary>
public sealed class HitTests
{
    private const string Short = "v1/entries/stock_price:7203:latest";

    // The same key in a form that goes the whole way.
    private const string Long = "v1/entries/%73tock_price:7203:latest";

    public static TheoryData<string, string> Requests => new()
    {
        { "Accept", "*/*" },
        { "Accept", "application/vnd.kessan.entry" },
        { "If-None-Match", "*" },
        { "If-None-Match", "\"1\"" },
        { "Cache-Control", "no-cache" },
        { "Cache-Control", "max-age=0" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Answer_IsThatOfTheWholeWay(string header, string value)
    {
        var time = new FakeTimeProvider(); // both are asked at one instant
        await using var node = await ServiceNode.StartAsync(
            new InMemoryCacheServer(time), configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await node.Client.PutTextAsync($"{Short}?ttl=3600&tag=a,b", """{"price":2500}""");

        var one = await node.Client.SendAsync(HttpMethod.Get, Short, (header, value));
        var other = await node.Client.SendAsync(HttpMethod.Get, Long, (header, value));

        Assert.Equal(other.StatusCode, one.StatusCode);
        Assert.Equal(Fields(other), Fields(one));
        Assert.Equal(await BytesAsync(other), await BytesAsync(one));

        static async Task<byte[]> BytesAsync(HttpResponseMessage response) => await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(ServiceNode.WriterKey, HttpStatusCode.Forbidden)]
    [InlineData(ServiceNode.PricesKey, HttpStatusCode.OK)]
    [InlineData("nobody", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Key_MustAllowIt(string? key, HttpStatusCode status)
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync(Short, "x");
        using var client = node.NewClient(key);

        Assert.Equal(status, (await client.SendAsync(HttpMethod.Get, Short)).StatusCode);
    }

    [Fact]
    public async Task KeyOfOtherPrefixes_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/news_data:7203:all", "x");
        using var prices = node.NewClient(ServiceNode.PricesKey);

        await (await prices.SendAsync(HttpMethod.Get, "v1/entries/news_data:7203:all")).IsProblemAsync(HttpStatusCode.Forbidden, "prefix-refused");
    }

    [Fact]
    public async Task KeyRevoked_OnAnOpenConnection_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync(Short, "x");
        using var reader = node.NewClient(ServiceNode.ReaderKey);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await reader.SendAsync(HttpMethod.Get, Short)).StatusCode);

        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();
        configuration["Kessan:Security:ApiKeys:0:Key"] = "another-key-altogether";
        configuration.Reload();

        Assert.Equal(HttpStatusCode.Unauthorized, (await reader.SendAsync(HttpMethod.Get, Short)).StatusCode);
    }

    [Fact]
    public async Task OtherKey_OnTheSameConnection_IsAskedAnew()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync(Short, "x");
        using var client = node.NewClient(null); // one connection, since it asks one thing after the other

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ServiceNode.ReaderKey));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(ServiceNode.WriterKey));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("reader-key-0123456780"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ServiceNode.ReaderKey));

        async Task<HttpStatusCode> StatusAsync(string key)
            => (await client.SendAsync(HttpMethod.Get, Short, ("Authorization", $"Bearer {key}"))).StatusCode;
    }

    [Theory]
    [InlineData("Basic Zm9v")]
    [InlineData("")]
    public async Task OtherAuthorization_ProvesNothingForTheNextRequest(string authorization)
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync(Short, "x");
        using var client = node.NewClient(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, Short, ("X-Api-Key", ServiceNode.ReaderKey))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(HttpMethod.Get, Short)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(HttpMethod.Get, Short, ("X-Api-Key", ServiceNode.WriterKey))).StatusCode);
    }

    [Fact]
    public async Task Metrics_NameTheRoute()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync(Short, "x");
        using var durations = new MetricCollector<double>(node.Get<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");

        await node.Client.SendAsync(HttpMethod.Get, Short);
        await node.Client.SendAsync(HttpMethod.Get, Long);
        await durations.WaitForMeasurementsAsync(2, TestContext.Current.CancellationToken);

        Assert.All(durations.GetMeasurementSnapshot(), static measurement => Assert.Equal("/v1/entries/{**key}", measurement.Tags["http.route"]));
    }

    private static SortedDictionary<string, string> Fields(HttpResponseMessage response) => new(
        response.Headers.Concat(response.Content.Headers).Where(static field => field.Key != "Date").ToDictionary(static field => field.Key, static field => string.Join(", ", field.Value)),
        StringComparer.Ordinal);
}
