using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Tests.JQuants;

/// <summary>What the J-Quants source asks for, and what becomes of it.</summary>
public class JQuantsTests
{
    [Fact]
    public async Task GetPrice_Latest_ReadsTheWholeDayOverAllPages()
    {
        await using var both = await JQuantsPair.StartAsync();

        var plain = await both.Host.GetJsonAsync("/stocks/7203/price");
        var text = await both.Host.GetJsonAsync("/stocks/6758/price");
        var split = await both.Host.GetJsonAsync("/stocks/130A/price");

        Assert.Equal((2010m, 2009m), (plain.GetProperty("close").GetDecimal(), plain.GetProperty("previous_close").GetDecimal()));
        Assert.Equal((3950.5m, "2025-06-10"), (text.GetProperty("high").GetDecimal(), text.GetProperty("date").GetString()));
        Assert.Equal((320m, 320m), (split.GetProperty("close").GetDecimal(), split.GetProperty("previous_close").GetDecimal()));
        Assert.Equal(6, both.Stub.Requests.Count); // two days of three pages, for any number of stocks
    }

    [Fact]
    public async Task GetPrice_NoTradeAndUnknown_AreDifferentProblems()
    {
        await using var both = await JQuantsPair.StartAsync();

        using var noTrade = await both.Host.Client.GetAsync("/stocks/7203/price?date=2025-06-08", TestContext.Current.CancellationToken);
        using var unknown = await both.Host.Client.GetAsync("/stocks/1301/price", TestContext.Current.CancellationToken);

        Assert.Contains("no-price", await noTrade.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("unknown-stock", await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-06-11T16:29:00+09:00", "2025-06-10")]
    [InlineData("2025-06-11T16:30:00+09:00", "2025-06-11")]
    public async Task GetPrice_AtHalfPastFour_IsTheNewDay(string now, string expected)
    {
        await using var both = await JQuantsPair.StartAsync();
        both.Stub.LatestDay = new DateOnly(2025, 6, 11);
        both.Host.Time.AdjustTime(DateTimeOffset.Parse(now, null));

        var price = await both.Host.GetJsonAsync("/stocks/7203/price");

        Assert.Equal(expected, price.GetProperty("date").GetString());
    }

    [Fact]
    public async Task GetPrice_DayIsPublishedLate_IsTheDayBeforeAndAskedAgainSoon()
    {
        await using var both = await JQuantsPair.StartAsync();
        both.Host.Time.AdjustTime(new DateTimeOffset(2025, 6, 11, 16, 31, 0, TimeSpan.FromHours(9)));

        var early = await both.Host.GetJsonAsync("/stocks/7203/price");
        both.Stub.LatestDay = new DateOnly(2025, 6, 11);
        both.Host.Time.Advance(TimeSpan.FromMinutes(5.1));
        var later = await both.Host.GetJsonAsync("/stocks/7203/price");

        Assert.Equal("2025-06-10", early.GetProperty("date").GetString());
        Assert.Equal("2025-06-11", later.GetProperty("date").GetString());
    }

    [Fact]
    public async Task Get_OtherResources_ComeFromTheirEndpoints()
    {
        await using var both = await JQuantsPair.StartAsync();

        var history = await both.Host.GetJsonAsync("/stocks/7203/history?from=2025-06-02&to=2025-06-10");
        var year = await both.Host.GetJsonAsync("/stocks/7203/financials/annual/FY");
        var quarter = await both.Host.GetJsonAsync("/stocks/7203/financials/quarterly/Q1");
        var topix = await both.Host.GetJsonAsync("/markets/topix");
        var found = await both.Host.GetJsonAsync("/stocks?query=" + Uri.EscapeDataString("ソニー"));

        Assert.Equal(7, history.GetProperty("bars").GetArrayLength());
        Assert.Equal(48036704000001, year.GetProperty("revenue").GetDecimal()); // the correction
        Assert.Equal(JsonValueKind.Null, year.GetProperty("operating_income").ValueKind);
        Assert.Equal(98.99m, quarter.GetProperty("earnings_per_share").GetDecimal());
        Assert.Equal((2786.24m, 2785.41m), (topix.GetProperty("value").GetDecimal(), topix.GetProperty("previous_close").GetDecimal()));
        Assert.Single(both.Stub.Requests, request => request.Path.Contains("fins/summary?code=72030", StringComparison.Ordinal) && !request.Path.Contains("pagination", StringComparison.Ordinal));
        Assert.Equal("6758", found.GetProperty("stocks")[0].GetProperty("ticker").GetString());
    }

    [Fact]
    public async Task GetHistory_BeyondTheLatestDay_AsksForWhatThereIsOnly()
    {
        await using var both = await JQuantsPair.StartAsync();

        var history = await both.Host.GetJsonAsync("/stocks/7203/history?from=2025-06-09&to=2025-06-30");
        var asked = both.Stub.Requests.Count;
        var future = await both.Host.GetJsonAsync("/stocks/7203/history?from=2025-06-14&to=2025-06-30");
        var weekend = await both.Host.GetJsonAsync("/stocks/7203/history?from=2025-06-07&to=2025-06-08");

        Assert.Equal(2, history.GetProperty("bars").GetArrayLength());
        Assert.Equal(("2025-06-30", 1), (history.GetProperty("to").GetString(), asked));
        Assert.EndsWith("from=2025-06-09&to=2025-06-10", both.Stub.Requests.First().Path, StringComparison.Ordinal);
        Assert.Equal((0, 0), (future.GetProperty("bars").GetArrayLength(), weekend.GetProperty("bars").GetArrayLength()));
        Assert.DoesNotContain(both.Stub.Requests, request => request.Path.Contains("2025-06-30", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Search_ListingOfAWholeMarket_IsAskedForOnce()
    {
        await using var both = await JQuantsPair.StartAsync();
        (both.Stub.PageSize, both.Stub.MoreListings) = (10_000,
        [
            .. Enumerable.Range(0, 4_500).Select(i =>
                $$"""{"Date":"2025-06-10","Code":"{{1301 + i}}0","CoName":"株式会社東京証券取引所上場企業第{{i}}号ホールディングス","CoNameEn":"Tokyo Listed Company Number {{i}} Holdings","S33Nm":"証券、商品先物取引業","MktNm":"スタンダード"}"""),
        ]);

        var one = await both.Host.GetJsonAsync("/stocks?query=1301");
        var other = await both.Host.GetJsonAsync("/stocks?query=" + Uri.EscapeDataString("第4499号"));

        Assert.Equal("1301", one.GetProperty("stocks")[0].GetProperty("ticker").GetString());
        Assert.Equal("5800", other.GetProperty("stocks")[0].GetProperty("ticker").GetString());
        Assert.Equal("株式会社東京証券取引所上場企業第4499号ホールディングス", other.GetProperty("stocks")[0].GetProperty("name_japanese").GetString());
        Assert.Single(both.Stub.Requests);
    }

    // A day of the whole market is everybody's: one stock's refresh does not ask for it again.
    [Fact]
    public async Task Refresh_AStock_AsksAgainForWhatIsItsOwnOnly()
    {
        await using var both = await JQuantsPair.StartAsync();
        both.Stub.PageSize = 1_000;
        string[] paths = ["/stocks/7203/price", "/stocks/7203/financials/annual/FY"];
        foreach (var path in paths)
            await both.Host.GetJsonAsync(path);

        using var refreshed = await both.Host.Client.PostAsync("/stocks/7203/refresh", null, TestContext.Current.CancellationToken);
        var before = both.Stub.Requests.Count;
        foreach (var path in paths)
            Assert.Contains("detail=source", await StatusAsync(both, path), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Assert.Contains("fins/summary?code=72030", Assert.Single(both.Stub.Requests.Skip(before)).Path, StringComparison.Ordinal);
    }

    // J-Quants renews the listing at 17:30 and 8:00; searches themselves are kept five minutes.
    [Theory]
    [InlineData("2025-06-11T17:30:04+09:00", 1)]
    [InlineData("2025-06-11T17:30:05+09:00", 2)]
    [InlineData("2025-06-12T08:00:04+09:00", 2)]
    [InlineData("2025-06-12T08:00:05+09:00", 3)]
    public async Task Search_Listing_IsAskedForAgainWhenItIsRenewed(string until, int expected)
    {
        await using var both = await JQuantsPair.StartAsync();
        (both.Stub.PageSize, var end) = (10_000, DateTimeOffset.Parse(until, null));

        var search = 0;
        for (; both.Host.Time.GetUtcNow() < end.AddMinutes(-30); both.Host.Time.Advance(TimeSpan.FromMinutes(29)))
            await both.Host.GetJsonAsync($"/stocks?query={search++}");
        both.Host.Time.SetUtcNow(end);
        await both.Host.GetJsonAsync($"/stocks?query={search}");

        Assert.Equal(expected, both.Stub.Requests.Count);
    }

    [Fact]
    public async Task GetHistory_OverASplit_IsInTodaysSharesAndAPriceAsItWasTraded()
    {
        await using var both = await JQuantsPair.StartAsync();

        var bars = (await both.Host.GetJsonAsync("/stocks/130A/history?from=2025-06-06&to=2025-06-10")).GetProperty("bars").EnumerateArray().ToList();
        var analysis = await both.Host.GetJsonAsync("/stocks/130A/analysis/short_term");
        var before = await both.Host.GetJsonAsync("/stocks/130A/price?date=2025-06-09");

        Assert.Equal(3, bars.Count);
        Assert.All(bars, bar => Assert.Equal((320m, 320m, 200), (bar.GetProperty("open").GetDecimal(), bar.GetProperty("close").GetDecimal(), bar.GetProperty("volume").GetInt64())));
        Assert.Equal(0, analysis.GetProperty("indicators").EnumerateArray().Single(figure => figure.GetProperty("name").GetString() == "momentum").GetProperty("value").GetDouble());
        Assert.Equal(640m, before.GetProperty("close").GetDecimal());
    }

    [Theory]
    [InlineData("2024-11-01", "2024-11-01T15:00:00+09:00")]
    [InlineData("2024-11-05", "2024-11-05T15:30:00+09:00")]
    public async Task GetPrice_OfADay_IsAsOfItsClose(string date, string expected)
    {
        await using var both = await JQuantsPair.StartAsync();

        Assert.Equal(expected, (await both.Host.GetJsonAsync($"/stocks/7203/price?date={date}")).GetProperty("as_of").GetString());
    }

    // All periods are made of one answer; what is made of it later does not live longer, nor is it fresh when that is not.
    [Fact]
    public async Task GetFinancials_MadeOfACachedAnswer_EndsWithItAndIsStaleWithIt()
    {
        await using var both = await JQuantsPair.StartAsync();
        const string Year = "/stocks/7203/financials/annual/FY";

        var first = await StatusAsync(both, Year);
        both.Host.Time.Advance(TimeSpan.FromHours(10));
        var later = await StatusAsync(both, "/stocks/7203/financials/quarterly/Q1");
        both.Stub.IsDown = true;
        both.Host.Time.Advance(TimeSpan.FromHours(15));
        var down = await StatusAsync(both, Year);
        using var never = await both.Host.Client.GetAsync("/stocks/7203/financials/quarterly/Q2", TestContext.Current.CancellationToken);
        both.Stub.IsDown = false;
        both.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await StatusAsync(both, Year); // refreshed behind
        var up = await StatusAsync(both, Year);

        Assert.Equal("kessan; fwd=miss; stored; ttl=86400; detail=source", first);
        Assert.Equal("kessan; fwd=miss; stored; ttl=50400; detail=source", later);
        Assert.EndsWith("detail=stale", down);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, never.StatusCode);
        Assert.DoesNotContain("stale", up);
    }

    // The official prices come late on a Friday: the market calendar would keep what there is until Monday.
    [Theory]
    [InlineData("/stocks/7203/price")]
    [InlineData("/stocks/prices?tickers=7203,6758")]
    [InlineData("/markets/topix")]
    [InlineData("/stocks/7203/history")]
    [InlineData("/stocks/7203/analysis/short_term")]
    public async Task Get_DayIsLateOnAFriday_IsAskedForAgainSoonAndThenKeptOverTheWeekend(string path)
    {
        await using var both = await JQuantsPair.StartAsync(calendar: true);
        (both.Stub.LatestDay, both.Stub.PageSize) = (new DateOnly(2025, 6, 12), 1_000);
        both.Host.Time.AdjustTime(new DateTimeOffset(2025, 6, 13, 16, 31, 0, TimeSpan.FromHours(9)));

        var late = await StatusAsync(both, path);
        both.Stub.LatestDay = new DateOnly(2025, 6, 13);
        both.Host.Time.Advance(TimeSpan.FromMinutes(5.1));
        var published = await StatusAsync(both, path);

        Assert.Contains("ttl=300;", late, StringComparison.Ordinal);
        Assert.Contains(path.Contains("analysis", StringComparison.Ordinal) ? "ttl=21600;" : "ttl=231834;", published, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoKey_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => MarketApiHost.StartAsync([new("Market:Source", "jquants")]));

        Assert.Contains("Market:JQuants:ApiKey is needed", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> StatusAsync(JQuantsPair both, string path)
    {
        using var answer = await both.Host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("Cache-Status").Single();
    }
}
