using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.MarketApi.Tests.Sessions;

public class SessionEndpointTests
{
    private static readonly object Dark = new { preferences = new Dictionary<string, string> { ["theme"] = "dark" } };

    [Fact]
    public async Task Session_FromBeginningToEnd_IsTheVisitorsOwn()
    {
        await using var host = await StartAsync();

        using var begun = await host.Client.PostAsJsonAsync("/sessions", Dark, TestContext.Current.CancellationToken);
        var read = await host.GetJsonAsync("/sessions");
        using var ended = await host.Client.DeleteAsync("/sessions", TestContext.Current.CancellationToken);
        using var after = await host.Client.GetAsync("/sessions", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, begun.StatusCode);
        Assert.True(begun.Headers.CacheControl?.NoStore);
        var cookie = begun.Headers.GetValues("Set-Cookie").Single();
        Assert.Matches("^kessan_session=[0-9a-f]{32}; path=/; samesite=strict; httponly$", cookie);
        Assert.Equal("dark", read.GetProperty("preferences").GetProperty("theme").GetString());
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    public async Task Session_BegunOverHttpsAtATrustedProxy_HasASecureCookie(string proxy, bool isSecure)
    {
        await using var host = await StartAsync(new KeyValuePair<string, string?>("Market:TrustedProxies:0", proxy));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
        {
            Content = JsonContent.Create(Dark),
            Headers = { { "X-Forwarded-For", "9.9.9.9" }, { "X-Forwarded-Proto", "https" } },
        };

        using var begun = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(isSecure, begun.Headers.GetValues("Set-Cookie").Single().Contains("; secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_ReadEveryTwentyMinutes_LivesTwelveHours()
    {
        await using var host = await StartAsync();
        await host.Client.PostAsJsonAsync("/sessions", Dark, TestContext.Current.CancellationToken);

        var lived = TimeSpan.Zero;
        while (lived < TimeSpan.FromHours(24))
        {
            host.Time.Advance(TimeSpan.FromMinutes(20));
            using var answer = await host.Client.GetAsync("/sessions", TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK)
                break;
            lived += TimeSpan.FromMinutes(20);
        }

        Assert.InRange(lived, TimeSpan.FromHours(11.6), TimeSpan.FromHours(12));
    }

    [Fact]
    public async Task Session_NotReadForHalfAnHour_HasEnded()
    {
        await using var host = await StartAsync();
        await host.Client.PostAsJsonAsync("/sessions", Dark, TestContext.Current.CancellationToken);

        host.Time.Advance(TimeSpan.FromSeconds(1801));
        using var answer = await host.Client.GetAsync("/sessions", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Start_WithAnOlderSession_EndsIt()
    {
        await using var host = await StartAsync();
        using var first = await host.Client.PostAsJsonAsync("/sessions", Dark, TestContext.Current.CancellationToken);
        var planted = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        using var second = await host.Client.PostAsJsonAsync("/sessions", new { }, TestContext.Current.CancellationToken);
        using var stranger = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = host.Client.BaseAddress };
        stranger.DefaultRequestHeaders.Add("Cookie", planted);
        using var answer = await stranger.GetAsync("/sessions", TestContext.Current.CancellationToken);

        Assert.NotEqual(planted, second.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("{\"preferences\":{\"a\":null}}")]
    [InlineData("{\"preferences\":[]}")]
    [InlineData("not json")]
    [InlineData("{\"preferences\":{\"a\":\"TOOLONG\"}}")]
    public async Task Start_WhatCannotBeRemembered_IsABadRequest(string body)
    {
        await using var host = await StartAsync();

        using var content = new StringContent(
            body.Replace("TOOLONG", new string('x', 257), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var answer = await host.Client.PostAsync("/sessions", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Session_WithoutAStore_SaysSoInsteadOfPretending()
    {
        await using var host = await MarketApiHost.StartAsync();

        using var answer = await host.Client.PostAsJsonAsync("/sessions", Dark, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("urn:kessan:problem:sessions-unavailable", problem.GetProperty("type").GetString());
    }

    private static Task<MarketApiHost> StartAsync(params KeyValuePair<string, string?>[] settings)
    {
        var time = MarketApiHost.NewTime();
        var store = new InMemoryCacheStore(new InMemoryCacheServer(time));
        return MarketApiHost.StartAsync(settings, builder => builder.Services.AddSingleton<ICacheStore>(store), time: time);
    }
}
