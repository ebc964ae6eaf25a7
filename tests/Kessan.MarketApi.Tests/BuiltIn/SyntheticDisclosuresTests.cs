using Kessan.Caching.Calendar;
using Kessan.MarketApi.BuiltIn;
using Kessan.MarketApi.Exchange;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Tests.BuiltIn;

public class SyntheticDisclosuresTests
{
    private static readonly SyntheticDisclosures Disclosures = new(Options.Create(new BuiltInOptions()));

    [Fact]
    public void Announces_EveryStock_FourTradingDaysAYearWithinTheExchangesTime()
    {
        var calendar = new TokyoMarketCalendar();
        foreach (var stock in BuiltInListing.All)
        {
            var days = Enumerable.Range(0, 365).Select(new DateOnly(2025, 1, 1).AddDays)
                .Where(day => Disclosures.Announces(stock.Listing.Ticker, day)).ToList();

            Assert.Equal(4, days.Count);
            Assert.All(days, day => Assert.True(calendar.IsTradingDay(day)));
            DateOnly[] ends = [new(2024, 12, 31), new(2025, 3, 31), new(2025, 6, 30), new(2025, 9, 30)];
            Assert.All(days.Zip(ends), pair => Assert.InRange(pair.First.DayNumber - pair.Second.DayNumber, 30, 50));
        }
    }

    [Fact]
    public void Announces_OtherStocksAndSeeds_HaveOtherDays()
    {
        var end = new DateOnly(2025, 6, 30);

        var days = BuiltInListing.All.Select(stock => Disclosures.DayOf(stock.Code, end)).Distinct().Count();
        var other = new SyntheticDisclosures(Options.Create(new BuiltInOptions { Seed = 1 }));

        Assert.InRange(days, 5, 15);
        Assert.Contains(BuiltInListing.All, stock => Disclosures.DayOf(stock.Code, end) != other.DayOf(stock.Code, end));
        Assert.False(Disclosures.Announces("1301", end.AddDays(40)));
        Assert.False(Disclosures.Announces("no code", end.AddDays(40)));
    }

    // With the market calendar on, the new statement is seen five minutes after it is out, not the next morning.
    [Fact]
    public async Task Financials_OnTheDayOfResults_AreSeenSoonAfterTheyAreOut()
    {
        Assert.True(StockCode.TryParse("7203", out var code));
        var day = Disclosures.DayOf(code, new DateOnly(2025, 6, 30));
        await using var host = await MarketApiHost.StartAsync([new("Kessan:Cache:MarketCalendar:Enabled", "true")]);

        host.Time.AdjustTime(TokyoMarketCalendar.At(day, new TimeOnly(15, 29))); // weeks, without all the ticks of timers
        var before = await host.GetJsonAsync("/stocks/7203/financials/quarterly/Q1");
        host.Time.Advance(TimeSpan.FromMinutes(5));
        var after = await host.GetJsonAsync("/stocks/7203/financials/quarterly/Q1");

        Assert.Equal("2024-06-30", before.GetProperty("period_end").GetString());
        Assert.Equal("2025-06-30", after.GetProperty("period_end").GetString());
        Assert.Equal(day, DateOnly.Parse(after.GetProperty("disclosed_on").GetString()!, null));
    }
}
