using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Tests.Exchange;

public class StockCodeTests
{
    [Theory]
    [InlineData("7203", "7203")]
    [InlineData(" 7203 ", "7203")]
    [InlineData("７２０３", "7203")]
    [InlineData("　７２０３．Ｔ", "7203")]
    [InlineData("7203.T", "7203")]
    [InlineData("7203.t", "7203")]
    [InlineData("72030", "7203")]
    [InlineData("130A", "130A")]
    [InlineData("130a", "130A")]
    [InlineData("１３０ａ", "130A")]
    [InlineData("130A0", "130A")]
    [InlineData("1A00", "1A00")]
    [InlineData("9Y9Y", "9Y9Y")]
    [InlineData("25935", "25935")]
    public void TryParse_CodeAsPeopleWriteIt_IsNormalised(string text, string expected)
    {
        Assert.True(StockCode.TryParse(text, out var code));

        Assert.Equal(expected, code.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("720")]
    [InlineData("0203")]
    [InlineData("A203")]
    [InlineData("72A3")]
    [InlineData("130B")]
    [InlineData("130E")]
    [InlineData("130I")]
    [InlineData("130O")]
    [InlineData("130Q")]
    [InlineData("130V")]
    [InlineData("130Z")]
    [InlineData("7203.N")]
    [InlineData("72 03")]
    [InlineData("720300")]
    [InlineData("①②③④")]
    [InlineData("7203.T.T")]
    [InlineData("7203                                     ")]
    public void TryParse_NoCode_IsRefused(string? text) => Assert.False(StockCode.TryParse(text, out _));

    [Theory]
    [InlineData("7203", "72030")]
    [InlineData("130A", "130A0")]
    [InlineData("25935", "25935")]
    public void FiveCharacters_AnyCode_IsAsJQuantsWritesIt(string text, string expected)
    {
        var parsed = StockCode.TryParse(text, out var code);

        Assert.True(parsed);
        Assert.Equal(expected, code.FiveCharacters);
    }
}
