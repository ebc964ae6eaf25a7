using System.Net;
using System.Text.Json;
using Kessan.Caching.Quotas;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Quotas;

public sealed class QuotaTests
{
    private readonly Dictionary<string, string?> _limits = new() { ["Kessan:Cache:Quotas:DailyLimit"] = "10" };
    private readonly InMemoryQuotaStore _store = new();

    [Fact]
    public async Task Charge_UpToTheLimit_IsCountedAndPastItRefusedUncharged()
    {
        await using var node = await StartAsync();

        var first = await ChargeAsync(node, "?cost=7");
        var tooMuch = await ChargeAsync(node, "?cost=4");
        var rest = await ChargeAsync(node, "?cost=3");
        var read = await (await node.Client.SendAsync(HttpMethod.Get, "v1/quotas/user123/daily")).JsonAsync();

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var answer = await first.JsonAsync();
        Assert.Equal((7, 10, 3), (Number(answer, "usage"), Number(answer, "limit"), Number(answer, "remaining")));
        Assert.InRange(answer.GetProperty("reset").GetDouble(), 86300, 86400);
        Assert.Equal("\"daily\";q=10;w=86400", first.Header("RateLimit-Policy"));
        Assert.Matches("^\"daily\";r=3;t=86[0-9]{3}$", first.Header("RateLimit"));
        var refusal = await tooMuch.IsProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
        Assert.Equal((7, 10, 3), (Number(refusal, "usage"), Number(refusal, "limit"), Number(refusal, "remaining")));
        Assert.InRange(refusal.GetProperty("reset").GetDouble(), 86300, 86400);
        Assert.Matches("^86[0-9]{3}$", tooMuch.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, rest.StatusCode);
        Assert.Equal((10, 0), (Number(read, "usage"), Number(read, "remaining")));
        Assert.False(read.TryGetProperty("local", out _));
    }

    [Fact]
    public async Task Charge_Limit_OnlyLowers()
    {
        await using var node = await StartAsync();

        var lower = await ChargeAsync(node, "?cost=6&limit=5");
        var higher = await ChargeAsync(node, "?cost=11&limit=1000");

        await lower.IsProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
        await higher.IsProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
    }

    [Fact]
    public async Task Charge_NoLimitConfigured_IsCountedAndNull()
    {
        await using var node = await StartAsync();

        var answer = await (await node.Client.SendAsync(HttpMethod.Post, "v1/quotas/u/minute?cost=1000000")).JsonAsync();

        Assert.Equal(1_000_000, Number(answer, "usage"));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("limit").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("remaining").ValueKind);
        Assert.InRange(answer.GetProperty("reset").GetDouble(), 50, 60);
    }

    [Fact]
    public async Task Charge_SameName_IsChargedOnce()
    {
        await using var node = await StartAsync();

        await ChargeAsync(node, "?cost=4", ("Idempotency-Key", "abc"));
        var again = await (await ChargeAsync(node, "?cost=4", ("Idempotency-Key", "abc"))).JsonAsync();

        Assert.Equal(4, Number(again, "usage"));
    }

    [Fact]
    public async Task Charge_GrantedElsewhere_CountsPastTheLimit()
    {
        await using var node = await StartAsync();

        var answer = await (await ChargeAsync(node, "?cost=50&granted=true")).JsonAsync();

        Assert.Equal(50, Number(answer, "usage"));
        await (await ChargeAsync(node, "")).IsProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
    }

    [Fact]
    public async Task Charge_TwoReplicas_CountTogether()
    {
        await using var node = await StartAsync();
        await using var other = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => ChargeAsync(i % 2 == 0 ? node : other, "")));

        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Charge_StoreAway_FollowsThePolicy()
    {
        await using var counts = await StartAsync(isAway: true);
        _limits["Kessan:Cache:Quotas:WhenStoreAway"] = "Deny";
        await using var denies = await StartAsync(isAway: true);

        var counted = await ChargeAsync(counts, "?cost=10");
        var refused = await ChargeAsync(counts, "?cost=1");
        var denied = await ChargeAsync(denies, "?cost=1");

        Assert.True((await counted.JsonAsync()).GetProperty("local").GetBoolean());
        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
        await denied.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    [Theory]
    [InlineData("u/weekly", "invalid-request")]
    [InlineData("u/daily?cost=0", "limit-exceeded")]
    [InlineData("u/daily?cost=1000001", "limit-exceeded")]
    [InlineData("u/daily?cost=-1", "limit-exceeded")]
    [InlineData("u/daily?cost=1.5", "invalid-request")]
    [InlineData("u/daily?cost=99999999999999999999", "invalid-request")]
    [InlineData("u/daily?limit=-1", "invalid-request")]
    [InlineData("u/daily?remember=0", "invalid-request")]
    public async Task Charge_BadRequest_IsRefused(string row, string slug)
    {
        await using var node = await StartAsync();

        await (await node.Client.SendAsync(HttpMethod.Post, $"v1/quotas/{row}")).IsProblemAsync(HttpStatusCode.BadRequest, slug);
    }

    private Task<ServiceNode> StartAsync(bool isAway = false) => ServiceNode.StartAsync(
        settings: _limits,
        configure: builder =>
        {
            if (!isAway) builder.Services.AddSingleton<IQuotaStore>(_store);
        });

    private static Task<HttpResponseMessage> ChargeAsync(ServiceNode node, string query, params (string, string)[] headers)
        => node.Client.SendAsync(HttpMethod.Post, $"v1/quotas/user123/daily{query}", headers);

    private static long Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt64();
}
