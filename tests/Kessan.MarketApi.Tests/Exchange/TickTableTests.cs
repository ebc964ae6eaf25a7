using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Tests.Exchange;

public class TickTableTests
{
    [Theory]
    [InlineData("1", "0.1", "1")]
    [InlineData("1000", "0.1", "1")]
    [InlineData("1000.5", "0.5", "1")]
    [InlineData("3000", "0.5", "1")]
    [InlineData("3001", "1", "5")]
    [InlineData("5000", "1", "5")]
    [InlineData("5001", "1", "10")]
    [InlineData("10000", "1", "10")]
    [InlineData("10005", "5", "10")]
    [InlineData("30000", "5", "10")]
    [InlineData("30010", "10", "50")]
    [InlineData("50010", "10", "100")]
    [InlineData("100050", "50", "100")]
    [InlineData("300100", "100", "500")]
    [InlineData("500100", "100", "1000")]
    [InlineData("1000500", "500", "1000")]
    [InlineData("60000000", "10000", "100000")]
    public void TickAt_Price_IsTheExchanges(string price, string topix500, string other)
    {
        Assert.Equal(Yen(topix500), TickTable.TickAt(Yen(price), isTopix500: true));
        Assert.Equal(Yen(other), TickTable.TickAt(Yen(price), isTopix500: false));
    }

    [Theory]
    [InlineData("999.96", true, "1000")]
    [InlineData("1000.2", true, "1000")]
    [InlineData("1000.3", true, "1000.5")]
    [InlineData("3002.5", false, "3005")]
    [InlineData("3002.4", false, "3000")]
    [InlineData("0.2", false, "1")]
    public void Nearest_AnyPrice_IsOnATick(string price, bool isTopix500, string expected)
    {
        var nearest = TickTable.Nearest(Yen(price), isTopix500);

        Assert.Equal(Yen(expected), nearest);
        Assert.True(TickTable.IsOnTick(nearest, isTopix500));
    }

    private static decimal Yen(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
