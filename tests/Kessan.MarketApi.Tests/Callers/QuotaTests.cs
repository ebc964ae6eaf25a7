using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Tests.Callers;

public class QuotaTests
{
    private const string Key = "a-long-random-key";

    [Fact]
    public async Task Get_AnyAnswer_SaysWhatIsLeft()
    {
        await using var host = await MarketApiHost.StartAsync([new("Market:AnonymousDailyLimit", "5")]);

        using var first = await host.Client.GetAsync("/stocks/7203/price", TestContext.Current.CancellationToken);
        host.Time.Advance(TimeSpan.FromSeconds(100));
        using var second = await host.Client.GetAsync("/stocks/xyz/price", TestContext.Current.CancellationToken);

        Assert.Equal("\"daily\";q=5;w=86400", first.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"daily\";r=4;t=86400", first.Headers.GetValues("RateLimit").Single());
        Assert.Equal("\"daily\";r=3;t=86300", second.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task Get_QuotaUsedUp_Is429UntilTheDayIsOver()
    {
        await using var host = await MarketApiHost.StartAsync([new("Market:AnonymousDailyLimit", "2")]);
        for (var i = 0; i < 2; i++)
            await host.GetJsonAsync("/markets");

        using var over = await host.Client.GetAsync("/markets", TestContext.Current.CancellationToken);
        host.Time.Advance(TimeSpan.FromDays(1));
        using var nextDay = await host.Client.GetAsync("/markets", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, over.StatusCode);
        Assert.Equal(TimeSpan.FromDays(1), over.Headers.RetryAfter?.Delta);
        Assert.Contains("urn:kessan:problem:quota-used-up", await over.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, nextDay.StatusCode);
    }

    [Theory]
    [InlineData("X-Api-Key", Key, "\"daily\";r=8;t=86400")]
    [InlineData("Authorization", "Bearer " + Key, "\"daily\";r=8;t=86400")]
    public async Task Get_WithAKey_HasItsOwnQuota(string header, string value, string expected)
    {
        await using var host = await StartWithKeyAsync();
        await host.GetJsonAsync("/markets");
        await AskAsync(host, "X-Api-Key", "the-next-key"); // of the same name: one quota

        using var answer = await AskAsync(host, header, value);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task Get_UnknownKey_Is401AndNoAnonymousCall()
    {
        await using var host = await StartWithKeyAsync();

        using var answer = await AskAsync(host, "X-Api-Key", "guess");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("RateLimit"));
    }

    [Theory]
    [InlineData(null, "9.9.9.9", "8")]                              // nobody vouches: the header does not count
    [InlineData("127.0.0.1", "9.9.9.9", "9")]                       // another caller than the one before
    [InlineData("127.0.0.0/8", "9.9.9.9", "9")]
    [InlineData("127.0.0.1", "9.9.9.9, 8.8.8.8", "8")]              // the first is the caller's own invention
    [InlineData("10.0.0.1", "9.9.9.9", "8")]
    public async Task Get_ForwardedFor_CountsFromTrustedProxiesOnly(string? proxy, string forwarded, string left)
    {
        List<KeyValuePair<string, string?>> settings = [new("Market:AnonymousDailyLimit", "10")];
        if (proxy is not null)
            settings.Add(new("Market:TrustedProxies:0", proxy));
        await using var host = await MarketApiHost.StartAsync(settings);
        await AskAsync(host, "X-Forwarded-For", "8.8.8.8");

        using var answer = await AskAsync(host, "X-Forwarded-For", forwarded);

        Assert.Equal($"\"daily\";r={left};t=86400", answer.Headers.GetValues("RateLimit").Single());
    }

    // Container platforms set this variable; it makes ASP.NET Core believe anybody's header.
    [Fact]
    public async Task Get_ForwardedHeadersAreOnForThePlatform_StillCountFromTrustedProxiesOnly()
    {
        await using var host = await MarketApiHost.StartAsync(
            [new("Market:AnonymousDailyLimit", "10")], arguments: "--ForwardedHeaders_Enabled=true");
        await AskAsync(host, "X-Forwarded-For", "8.8.8.8");

        using var answer = await AskAsync(host, "X-Forwarded-For", "9.9.9.9");

        Assert.Equal("\"daily\";r=8;t=86400", answer.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task Get_HealthAndDocuments_CostNothing()
    {
        await using var host = await MarketApiHost.StartAsync();

        using var health = await host.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        using var document = await host.Client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);

        Assert.False(health.Headers.Contains("RateLimit"));
        Assert.False(document.Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task OpenApi_EveryChargedOperation_SaysThatItMayBeRefused()
    {
        await using var host = await MarketApiHost.StartAsync();

        var paths = (await host.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");

        var operations = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value.GetProperty("responses")).ToList();
        Assert.NotEmpty(operations);
        Assert.All(operations, responses => Assert.True(responses.TryGetProperty("401", out _) && responses.TryGetProperty("429", out _)));
    }

    [Theory]
    [InlineData("Market:ApiKeys:0:Hash", "no hash", "Hash")]
    [InlineData("Market:TrustedProxies:0", "proxy.example", "neither an address nor a network")]
    [InlineData("Market:AnonymousDailyLimit", "0", "AnonymousDailyLimit")]
    public async Task Start_WrongSettings_SaysSo(string setting, string value, string expected)
    {
        var settings = new Dictionary<string, string?> { ["Market:ApiKeys:0:Name"] = "one", ["Market:ApiKeys:0:Hash"] = Hash("x"), [setting] = value };

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => MarketApiHost.StartAsync(settings));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private static Task<MarketApiHost> StartWithKeyAsync() => MarketApiHost.StartAsync(
    [
        new("Market:ApiKeys:0:Name", "partner"),
        new("Market:ApiKeys:0:Hash", Hash(Key)),
        new("Market:ApiKeys:0:DailyLimit", "10"),
        new("Market:ApiKeys:1:Name", "partner"),
        new("Market:ApiKeys:1:Hash", Hash("the-next-key").ToUpperInvariant()),
        new("Market:ApiKeys:1:DailyLimit", "10"),
    ]);

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static async Task<HttpResponseMessage> AskAsync(MarketApiHost host, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/markets") { Headers = { { header, value } } };
        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
