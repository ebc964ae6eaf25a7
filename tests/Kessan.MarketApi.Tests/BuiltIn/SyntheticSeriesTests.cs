using CsCheck;
using Kessan.Caching.Calendar;
using Kessan.MarketApi.BuiltIn;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Tests.BuiltIn;

public class SyntheticSeriesTests
{
    private static readonly DateOnly First = SyntheticSeries.FirstDay;
    private static readonly Gen<BuiltInStock> AnyStock = Gen.Int[0, BuiltInListing.All.Count - 1].Select(index => BuiltInListing.All[index]);

    // Also stocks that the listing does not have: any level, either tick table, wild enough to reach the limits.
    private static readonly Gen<BuiltInStock> InventedStock =
        Gen.Select(Gen.Int[2, 400_000], Gen.Bool, Gen.Double[0.005, 0.15], (level, isTopix500, volatility) =>
            BuiltInListing.All[0] with { Level = TickTable.Nearest(level, isTopix500), IsTopix500 = isTopix500, DailyVolatility = volatility });

    [Fact]
    public void Days_AnyStockAndSeed_ObeyTicksAndLimits() =>
        Gen.Select(Gen.OneOf(AnyStock, InventedStock), Gen.ULong).Sample((stock, seed) =>
        {
            var days = new SyntheticSeries(stock, seed).Days(First, First.AddDays(60));

            Assert.NotEmpty(days);
            Assert.All(days, day =>
            {
                var (lowest, highest) = DailyPriceLimit.Range(day.PreviousClose, stock.IsTopix500);
                Assert.InRange(day.Low, lowest, highest);
                Assert.InRange(day.High, lowest, highest);
                Assert.InRange(day.Open, day.Low, day.High);
                Assert.InRange(day.Close, day.Low, day.High);
                Assert.All([day.Open, day.High, day.Low, day.Close], price => Assert.True(TickTable.IsOnTick(price, stock.IsTopix500)));
                Assert.True(day.Volume >= 0 && day.Volume % 100 == 0);
                Assert.True(new TokyoMarketCalendar().IsTradingDay(day.Date));
            });
            Assert.All(days.Zip(days.Skip(1)), pair => Assert.Equal(pair.First.Close, pair.Second.PreviousClose));
        }, iter: 200);

    [Fact]
    public void Day_SameSeedAndDay_IsTheSameWhateverWasAskedBefore() =>
        Gen.Select(AnyStock, Gen.ULong, Gen.Int[0, 60].Array[1, 6]).Sample((stock, seed, offsets) =>
        {
            var asked = new SyntheticSeries(stock, seed);
            foreach (var offset in offsets)
            {
                var fresh = new SyntheticSeries(stock, seed);
                var date = First.AddDays(offset);
                Assert.Equal(fresh.Day(date, int.MaxValue), asked.Day(date, int.MaxValue));
            }
        }, iter: 100);

    [Fact]
    public void Day_PartOfASession_OnlyGrowsUntilItIsTheWholeDay() =>
        Gen.Select(AnyStock, Gen.ULong).Sample((stock, seed) =>
        {
            var series = new SyntheticSeries(stock, seed);
            var soFar = Enumerable.Range(1, TradingSession.Minutes.Count).Select(minutes => series.Day(First, minutes)!).ToArray();

            Assert.All(soFar.Zip(soFar.Skip(1)), pair =>
            {
                Assert.Equal(pair.First.Open, pair.Second.Open);
                Assert.True(pair.Second.High >= pair.First.High && pair.Second.Low <= pair.First.Low);
                Assert.True(pair.Second.Volume >= pair.First.Volume);
            });
            Assert.Equal(series.Day(First, int.MaxValue), soFar[^1]);
        }, iter: 20);

    [Fact]
    public void Days_TwoSeeds_Differ()
    {
        var one = new SyntheticSeries(BuiltInListing.All[0], 1).Days(First, First.AddDays(10));
        var other = new SyntheticSeries(BuiltInListing.All[0], 2).Days(First, First.AddDays(10));

        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Days_OverThreeYears_StayNearTheStocksLevel()
    {
        foreach (var stock in BuiltInListing.All)
        {
            var days = new SyntheticSeries(stock, 7203).Days(First, First.AddDays(1000));

            Assert.All(days, day => Assert.InRange(day.Close, stock.Level / 2, stock.Level * 2));
        }
    }

    // Prices that anybody's clone must give too: the generator may not depend on the machine or the runtime.
    [Fact]
    public void Day_KnownSeed_HasKnownPrice()
    {
        var day = new SyntheticSeries(BuiltInListing.All[0], 7203).Day(new DateOnly(2024, 1, 15), int.MaxValue);

        Assert.NotNull(day);
        Assert.Equal((2559.5m, 2584.5m, 2545m, 2566m, 15_694_200L), (day.Open, day.High, day.Low, day.Close, day.Volume));
    }
}
