using System.Net;
using System.Text.Json;

namespace Kessan.MarketApi.Tests;

public class ResourceTests
{
    [Theory]
    [InlineData("/stocks/7203/financials/quarterly/Q3", 86400)]
    [InlineData("/stocks/7203/financials/annual/fy", 86400)]
    [InlineData("/stocks/7203/news", 3600)]
    [InlineData("/stocks/7203/news?category=Earnings", 3600)]
    [InlineData("/stocks/7203/analysis/short_term", 21600)]
    [InlineData("/stocks/7203/history?from=2025-01-06&to=2025-03-31", 300)]
    [InlineData("/stocks?query=toyota", 300)]
    [InlineData("/markets", 300)]
    [InlineData("/markets/nikkei225", 300)]
    [InlineData("/markets/TOPIX", 300)]
    [InlineData("/stocks/prices?tickers=7203", 300)]
    public async Task Get_AskedTwice_IsAMissThenAHitWithTheLifetimeOfItsKind(string path, int seconds)
    {
        await using var host = await MarketApiHost.StartAsync();

        using var first = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        using var second = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal($"kessan; fwd=miss; stored; ttl={seconds}; detail=source", first.Headers.GetValues("Cache-Status").Single());
        Assert.Equal($"kessan; hit; ttl={seconds}; detail=l1", second.Headers.GetValues("Cache-Status").Single());
    }

    [Theory]
    [InlineData("/stocks/xyz/history", HttpStatusCode.BadRequest, "invalid-stock-code")]
    [InlineData("/stocks/xyz/news", HttpStatusCode.BadRequest, "invalid-stock-code")]
    [InlineData("/stocks/xyz/analysis/short_term", HttpStatusCode.BadRequest, "invalid-stock-code")]
    [InlineData("/stocks/xyz/financials/annual/FY", HttpStatusCode.BadRequest, "invalid-stock-code")]
    [InlineData("/stocks/prices?tickers=7203,xyz", HttpStatusCode.BadRequest, "invalid-stock-code")]
    [InlineData("/stocks/prices?tickers=,", HttpStatusCode.BadRequest, "ticker-count")]
    [InlineData("/stocks/1301/history", HttpStatusCode.NotFound, "unknown-stock")]
    [InlineData("/stocks/1301/news", HttpStatusCode.NotFound, "unknown-stock")]
    [InlineData("/stocks/1301/analysis/short_term", HttpStatusCode.NotFound, "unknown-stock")]
    [InlineData("/stocks/1301/financials/annual/FY", HttpStatusCode.NotFound, "unknown-stock")]
    [InlineData("/stocks/7203/news?category=gossip", HttpStatusCode.BadRequest, "unknown-category")]
    [InlineData("/stocks/7203/analysis/astrology", HttpStatusCode.BadRequest, "unknown-kind")]
    [InlineData("/stocks/7203/financials/quarterly/Q5", HttpStatusCode.BadRequest, "unknown-period")]
    [InlineData("/stocks/7203/history?from=2025-02-01&to=2025-01-01", HttpStatusCode.BadRequest, "invalid-span")]
    [InlineData("/stocks/7203/history?from=2000-01-01", HttpStatusCode.BadRequest, "invalid-span")]
    [InlineData("/stocks/1301/history?to=0001-01-02", HttpStatusCode.NotFound, "unknown-stock")]
    [InlineData("/stocks/1301/history?from=9999-12-01&to=9999-12-31", HttpStatusCode.NotFound, "unknown-stock")]
    [InlineData("/markets/dax", HttpStatusCode.NotFound, "unknown-index")]
    public async Task Get_WhatIsNotThere_IsAProblemOfItsOwnType(string path, HttpStatusCode status, string type)
    {
        await using var host = await MarketApiHost.StartAsync();

        using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("urn:kessan:problem:" + type, problem.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Get_TooMuchAtOnce_IsABadRequest()
    {
        await using var host = await MarketApiHost.StartAsync();

        using var query = await host.Client.GetAsync("/stocks?query=" + new string('x', 65), TestContext.Current.CancellationToken);
        using var tickers = await host.Client.GetAsync(
            "/stocks/prices?tickers=" + string.Join(',', Enumerable.Range(1000, 101)), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, query.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, tickers.StatusCode);
    }

    [Theory]
    [InlineData("Q1", "2024-04-01", "2024-06-30")]
    [InlineData("Q4", "2024-04-01", "2025-03-31")]
    public async Task GetFinancials_Quarter_IsTheLatestThatIsPublished(string period, string start, string end)
    {
        await using var host = await MarketApiHost.StartAsync();

        var statement = await host.GetJsonAsync($"/stocks/7203/financials/quarterly/{period}");

        Assert.Equal(start, statement.GetProperty("period_start").GetString());
        Assert.Equal(end, statement.GetProperty("period_end").GetString());
    }

    [Fact]
    public async Task GetMarkets_BuiltIn_MoveWithTheStocks()
    {
        await using var host = await MarketApiHost.StartAsync();

        var indices = (await host.GetJsonAsync("/markets")).EnumerateArray().ToList();

        Assert.Equal(["nikkei225", "topix"], indices.Select(index => index.GetProperty("id").GetString()));
        Assert.All(indices, index => Assert.InRange(
            index.GetProperty("value").GetDecimal() / index.GetProperty("previous_close").GetDecimal(), 0.9m, 1.1m));
    }

    [Fact]
    public async Task GetNews_OfOneCategory_HasOnlyThat()
    {
        await using var host = await MarketApiHost.StartAsync();

        var all = (await host.GetJsonAsync("/stocks/7203/news")).GetProperty("items").EnumerateArray().ToList();
        var earnings = (await host.GetJsonAsync("/stocks/7203/news?category=earnings")).GetProperty("items").EnumerateArray().ToList();

        Assert.NotEmpty(all);
        Assert.Equal(
            all.Where(item => item.GetProperty("category").GetString() == "earnings").Select(item => item.GetRawText()),
            earnings.Select(item => item.GetRawText()));
    }

    [Theory]
    [InlineData("from=2025-06-07&to=2025-06-08")]
    [InlineData("to=0001-01-02")]
    [InlineData("from=9999-12-01&to=9999-12-31")]
    public async Task GetHistory_SpanWithoutTrading_IsEmpty(string span)
    {
        await using var host = await MarketApiHost.StartAsync();

        var history = await host.GetJsonAsync($"/stocks/7203/history?{span}");

        Assert.Equal(0, history.GetProperty("bars").GetArrayLength());
    }

    [Fact]
    public async Task GetHistory_Span_HasItsTradingDaysInOrder()
    {
        await using var host = await MarketApiHost.StartAsync();

        var history = await host.GetJsonAsync("/stocks/7203/history?from=2025-05-01&to=2025-06-30");

        var days = history.GetProperty("bars").EnumerateArray().Select(bar => bar.GetProperty("date").GetString()!).ToList();
        Assert.Equal("2025-05-01", days[0]);
        Assert.Equal("2025-06-10", days[^1]); // today's session is not over
        Assert.DoesNotContain("2025-05-05", days);
        Assert.Equal(days.Order(StringComparer.Ordinal), days);
    }

    [Fact]
    public async Task OpenApi_Document_NamesEveryRoute()
    {
        await using var host = await MarketApiHost.StartAsync();

        var paths = (await host.GetJsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name);

        Assert.Superset(
            new HashSet<string> { "/stocks/{ticker}/price", "/stocks/prices", "/stocks/{ticker}/history", "/markets/{index}", "/stocks" },
            paths.Select(path => path.TrimEnd('/')).ToHashSet());
    }
}
