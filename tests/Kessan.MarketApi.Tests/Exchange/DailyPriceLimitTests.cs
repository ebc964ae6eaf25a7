using CsCheck;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Tests.Exchange;

public class DailyPriceLimitTests
{
    // The whole published table: base price, width for it, width just below it.
    [Theory]
    [InlineData(100, 50, 30)]
    [InlineData(200, 80, 50)]
    [InlineData(500, 100, 80)]
    [InlineData(700, 150, 100)]
    [InlineData(1_000, 300, 150)]
    [InlineData(1_500, 400, 300)]
    [InlineData(2_000, 500, 400)]
    [InlineData(3_000, 700, 500)]
    [InlineData(5_000, 1_000, 700)]
    [InlineData(7_000, 1_500, 1_000)]
    [InlineData(10_000, 3_000, 1_500)]
    [InlineData(15_000, 4_000, 3_000)]
    [InlineData(20_000, 5_000, 4_000)]
    [InlineData(30_000, 7_000, 5_000)]
    [InlineData(50_000, 10_000, 7_000)]
    [InlineData(70_000, 15_000, 10_000)]
    [InlineData(100_000, 30_000, 15_000)]
    [InlineData(150_000, 40_000, 30_000)]
    [InlineData(200_000, 50_000, 40_000)]
    [InlineData(300_000, 70_000, 50_000)]
    [InlineData(500_000, 100_000, 70_000)]
    [InlineData(700_000, 150_000, 100_000)]
    [InlineData(1_000_000, 300_000, 150_000)]
    [InlineData(10_000_000, 3_000_000, 1_500_000)]
    [InlineData(30_000_000, 7_000_000, 5_000_000)]
    [InlineData(50_000_000, 10_000_000, 7_000_000)]
    [InlineData(90_000_000, 10_000_000, 10_000_000)]
    public void Width_BasePrice_IsTheExchanges(int basePrice, int width, int widthBelow)
    {
        Assert.Equal(width, DailyPriceLimit.Width(basePrice));
        Assert.Equal(widthBelow, DailyPriceLimit.Width(basePrice - 0.1m));
    }

    [Theory]
    [InlineData("1100", false, "800", "1400")]
    [InlineData("2991", false, "2491", "3495")]
    [InlineData("2999.5", true, "2499.5", "3500")]
    [InlineData("20", false, "1", "50")]
    public void Range_BasePrice_WidensToTheNextTick(string basePrice, bool isTopix500, string lowest, string highest)
    {
        var range = DailyPriceLimit.Range(Yen(basePrice), isTopix500);

        Assert.Equal((Yen(lowest), Yen(highest)), range);
    }

    [Fact]
    public void Range_AnyBasePrice_EndsOnTicks() =>
        Gen.Select(Gen.Int[1, 800_000_000], Gen.Bool).Sample((tenths, isTopix500) =>
        {
            var basePrice = TickTable.Nearest(tenths / 10m, isTopix500);
            var (lowest, highest) = DailyPriceLimit.Range(basePrice, isTopix500);
            var width = DailyPriceLimit.Width(basePrice);

            return lowest < highest
                && TickTable.IsOnTick(lowest, isTopix500) && TickTable.IsOnTick(highest, isTopix500)
                && (lowest == basePrice - width || basePrice <= width)
                && highest >= basePrice + width && highest - (basePrice + width) < TickTable.TickAt(highest, isTopix500);
        });

    private static decimal Yen(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
