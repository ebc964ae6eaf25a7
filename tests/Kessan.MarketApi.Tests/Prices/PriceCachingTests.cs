using System.Text.Json;

namespace Kessan.MarketApi.Tests.Prices;

public class PriceCachingTests
{
    [Fact]
    public async Task GetPrice_AskedTwice_IsAMissAndThenAHit()
    {
        await using var host = await MarketApiHost.StartAsync();

        using var first = await host.Client.GetAsync("/stocks/7203/price", TestContext.Current.CancellationToken);
        host.Time.Advance(TimeSpan.FromSeconds(10));
        using var second = await host.Client.GetAsync("/stocks/7203.T/price", TestContext.Current.CancellationToken);

        Assert.Equal("kessan; fwd=miss; stored; ttl=300; detail=source", first.Headers.GetValues("Cache-Status").Single());
        Assert.Null(first.Headers.Age);
        Assert.Equal("kessan; hit; ttl=290; detail=l1", second.Headers.GetValues("Cache-Status").Single());
        Assert.Equal(TimeSpan.FromSeconds(10), second.Headers.Age);
        Assert.Equal(
            await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetPrices_SomeCached_AsksOnlyForTheRest()
    {
        await using var host = await MarketApiHost.StartAsync();
        await host.GetJsonAsync("/stocks/7203/price");
        host.Time.Advance(TimeSpan.FromSeconds(10));

        using var answer = await host.Client.GetAsync("/stocks/prices?tickers=6758,7203,1301,6758.T", TestContext.Current.CancellationToken);
        var board = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["6758", "7203"], board.GetProperty("prices").EnumerateArray().Select(Ticker));
        Assert.Equal(["source", "l1"], board.GetProperty("prices").EnumerateArray().Select(row => row.GetProperty("cache").GetProperty("layer").GetString()));
        Assert.Equal(["1301"], board.GetProperty("missing").EnumerateArray().Select(ticker => ticker.GetString()));

        // As far as the farthest of its parts, as short and as old as the oldest.
        Assert.Equal("kessan; fwd=miss; stored; ttl=290; detail=source", answer.Headers.GetValues("Cache-Status").Single());
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.Age);

        static string? Ticker(JsonElement row) => row.GetProperty("price").GetProperty("ticker").GetString();
    }

    // Whoever asks for codes that nobody has does not make the source work each time.
    [Theory]
    [InlineData("/stocks/1301/price")]
    [InlineData("/stocks/1301/history")]
    [InlineData("/stocks/1301/news")]
    [InlineData("/stocks/1301/analysis/short_term")]
    [InlineData("/stocks/1301/financials/annual/FY")]
    public async Task Get_UnknownStock_IsRememberedForHalfAMinute(string path)
    {
        await using var host = await MarketApiHost.StartAsync();

        var statuses = new List<string>();
        foreach (var seconds in new[] { 0, 29, 2 })
        {
            host.Time.Advance(TimeSpan.FromSeconds(seconds));
            using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
            statuses.Add(answer.Headers.GetValues("Cache-Status").Single());
        }

        Assert.Equal(
            ["kessan; fwd=miss; stored; ttl=30; detail=source", "kessan; hit; ttl=1; detail=l1", "kessan; fwd=miss; stored; ttl=30; detail=source"], statuses);
    }

    [Fact]
    public async Task GetPrices_UnknownStocks_AreRememberedToo()
    {
        await using var host = await MarketApiHost.StartAsync();
        await host.GetJsonAsync("/stocks/prices?tickers=7203,1301");

        host.Configuration["Market:BuiltIn:FailureRate"] = "1"; // who asks the source now is told so
        host.Configuration.Reload();
        host.Time.Advance(TimeSpan.FromSeconds(29));
        var again = await host.GetJsonAsync("/stocks/prices?tickers=7203,1301");

        Assert.Equal("1301", again.GetProperty("missing")[0].GetString());
        Assert.Equal(1, again.GetProperty("prices").GetArrayLength());
    }

    // The source fails for an hour: what was seen before is answered all the same, and says how old it is.
    [Fact]
    public async Task GetPrice_SourceFailsForAnHour_EverySymbolSeenBeforeIsAnsweredStale()
    {
        await using var host = await MarketApiHost.StartAsync();
        var listing = (await host.GetJsonAsync("/stocks")).GetProperty("stocks").EnumerateArray()
            .Select(stock => stock.GetProperty("ticker").GetString()!).ToList();
        foreach (var ticker in listing)
            await host.GetJsonAsync($"/stocks/{ticker}/price");

        host.Configuration["Market:BuiltIn:FailureRate"] = "1";
        host.Configuration.Reload();
        for (var minute = 0; minute < 60; minute++)
        {
            host.Time.Advance(TimeSpan.FromMinutes(1));
            foreach (var ticker in listing)
            {
                using var answer = await host.Client.GetAsync($"/stocks/{ticker}/price", TestContext.Current.CancellationToken);

                Assert.True(answer.IsSuccessStatusCode, $"{ticker} after {minute + 1} minutes: {answer.StatusCode}");
                Assert.Equal(TimeSpan.FromMinutes(minute + 1), answer.Headers.Age);
                if (minute >= 5)
                    Assert.EndsWith("; detail=stale", answer.Headers.GetValues("Cache-Status").Single());
            }
        }

        Assert.Equal(20, listing.Count);
    }
}
