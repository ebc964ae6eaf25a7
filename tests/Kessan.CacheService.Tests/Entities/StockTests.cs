using System.Net;

namespace Kessan.CacheHost.Tests.Entities;

public sealed class StockTests
{
    [Theory]
    [InlineData("stocks/7203/price", "stock_price:7203:latest", 300)]
    [InlineData("stocks/7203/price?date=2024-01-15", "stock_price:7203:2024-01-15", 300)]
    [InlineData("stocks/7203/financials/quarterly/Q3", "financial_data:7203:quarterly:Q3", 86400)]
    [InlineData("stocks/7203/news/earnings", "news_data:7203:earnings", 3600)]
    [InlineData("stocks/7203/analysis/short_term", "ai_analysis:7203:short_term", 21600)]
    [InlineData("markets/nikkei225", "market_data:nikkei225", 300)]
    [InlineData("stocks/72%2F03%3A%25/news/all", "news_data:72%252F03%253A%2525:all", 3600)]
    public async Task Put_Entity_StandsUnderItsKeyWithItsLifetime(string row, string key, int seconds)
    {
        await using var node = await ServiceNode.StartAsync();

        var before = await node.Client.SendAsync(HttpMethod.Get, $"v1/{row}");
        var put = await node.Client.PutTextAsync($"v1/{row}", "{\"a\":1}", "application/json");
        var entity = await node.Client.SendAsync(HttpMethod.Get, $"v1/{row}");
        var entry = await node.Client.SendAsync(HttpMethod.Get, $"v1/entries/{key}");

        await before.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal("{\"a\":1}", await entity.TextAsync());
        Assert.Equal(TimeSpan.FromSeconds(seconds), entity.Headers.CacheControl!.MaxAge);
        Assert.Equal(put.Header("ETag"), entry.Header("ETag"));
    }

    [Fact]
    public async Task Delete_Stock_RemovesAllAboutItHoweverItWasPut()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/stocks/7203/price", "1");
        await node.Client.PutTextAsync("v1/stocks/7203/news/all", "1");
        await node.Client.PutTextAsync("v1/entries/ai_analysis:7203:short_term", "1");
        await node.Client.PutTextAsync("v1/stocks/6758/price", "1");

        var deleted = await (await node.Client.SendAsync(HttpMethod.Delete, "v1/stocks/7203")).JsonAsync();

        Assert.Equal(3, deleted.GetProperty("deleted").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/stocks/7203/price")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.Client.SendAsync(HttpMethod.Get, "v1/stocks/6758/price")).StatusCode);
    }

    [Fact]
    public async Task Delete_StoreAway_IsAccepted()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        Assert.Equal(HttpStatusCode.Accepted, (await node.Client.SendAsync(HttpMethod.Delete, "v1/stocks/7203")).StatusCode);
    }

    [Theory]
    [InlineData("2024-02-30")]
    [InlineData("2024-1-5")]
    [InlineData("yesterday")]
    [InlineData("")]
    public async Task Get_NoDayOfTheCalendar_IsRefused(string date)
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.SendAsync(HttpMethod.Get, $"v1/stocks/7203/price?date={date}")).IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Put_NameThatMakesTooLongAKey_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.PutTextAsync($"v1/stocks/{new string('9', 600)}/price", "x")).IsProblemAsync(HttpStatusCode.BadRequest, "limit-exceeded");
    }

    [Fact]
    public async Task Rows_KeyKeptToPrefixes_AreOutOfReach()
    {
        await using var node = await ServiceNode.StartAsync();
        using var prices = node.NewClient(ServiceNode.PricesKey);

        Assert.Equal(HttpStatusCode.NoContent, (await prices.PutTextAsync("v1/stocks/7203/price", "x")).StatusCode);
        await (await prices.SendAsync(HttpMethod.Get, "v1/stocks/7203/news/all")).IsProblemAsync(HttpStatusCode.Forbidden, "prefix-refused");
        await (await prices.SendAsync(HttpMethod.Get, "v1/sessions/u1")).IsProblemAsync(HttpStatusCode.Forbidden, "prefix-refused");
        await (await prices.SendAsync(HttpMethod.Get, "v1/quotas/u1/daily")).IsProblemAsync(HttpStatusCode.Forbidden, "prefix-refused");
        await (await prices.SendAsync(HttpMethod.Delete, "v1/stocks/7203")).IsProblemAsync(HttpStatusCode.Forbidden, "prefix-refused");
    }
}
