using CsCheck;
using Kessan.MarketApi.Analysis;

namespace Kessan.MarketApi.Tests.Analysis;

public class IndicatorsTests
{
    // The closes of the worked example of the RSI that is copied most often (QQQQ, 2009), with its results.
    private static readonly double[] WorkedExample =
    [
        44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.6140, 46.2820,
        46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439,
    ];

    private static readonly Gen<double[]> Closes = Gen.Double[1, 100_000].Array[30, 60];

    [Theory]
    [InlineData(15, 70.53)]
    [InlineData(16, 66.32)]
    [InlineData(17, 66.55)]
    [InlineData(18, 69.41)]
    [InlineData(19, 66.36)]
    [InlineData(20, 57.97)]
    public void RelativeStrengthIndex_WorkedExample_AgreesWithIt(int days, double expected) =>
        Assert.Equal(expected, Indicators.RelativeStrengthIndex(WorkedExample.AsSpan(0, days), 14)!.Value, 0.02);

    [Fact]
    public void RelativeStrengthIndex_OneWay_IsAtItsEnds()
    {
        double[] rising = [.. Enumerable.Range(1, 30).Select(day => (double)day)];
        double[] flat = [.. Enumerable.Repeat(5.0, 30)];

        Assert.Equal(100, Indicators.RelativeStrengthIndex(rising, 14)!.Value, 1e-9);
        Assert.Equal(0, Indicators.RelativeStrengthIndex([.. rising.Reverse()], 14)!.Value, 1e-9);
        Assert.Equal(50, Indicators.RelativeStrengthIndex(flat, 14));
    }

    [Fact]
    public void MovingAverages_KnownSeries_AreTheKnownAverages()
    {
        double[] closes = [1, 2, 3, 4, 5, 9];

        Assert.Equal(6, Indicators.SimpleMovingAverage(closes, 3));
        Assert.Equal(6.5, Indicators.ExponentialMovingAverage(closes, 3)); // 2, then 3, 4, 6.5 with the weight 1/2
        Assert.Equal(800, Indicators.Momentum(closes, 5));
    }

    [Fact]
    public void Volatility_KnownReturns_IsTheirDeviationOverAYear()
    {
        // Returns of +1 % and -1 % in turn: mean 0, sample deviation 0.01 * sqrt(4/3).
        double[] closes = [1, Math.Exp(0.01), 1, Math.Exp(0.01), 1];

        var expected = 100 * 0.01 * Math.Sqrt(4.0 / 3) * Math.Sqrt(245);
        Assert.Equal(expected, Indicators.Volatility(closes, 4)!.Value, 1e-9);
    }

    [Fact]
    public void All_TooFewPrices_AreNull()
    {
        double[] closes = [1, 2, 3, 4];

        Assert.Null(Indicators.SimpleMovingAverage(closes, 5));
        Assert.Null(Indicators.ExponentialMovingAverage(closes, 5));
        Assert.Null(Indicators.RelativeStrengthIndex(closes, 4));
        Assert.Null(Indicators.Volatility(closes, 4));
        Assert.Null(Indicators.Momentum(closes, 4));
    }

    [Fact]
    public void All_AnyPrices_StayInTheirRange() => Closes.Sample(closes =>
        Indicators.RelativeStrengthIndex(closes, 14) is >= 0 and <= 100
        && Indicators.Volatility(closes, 20) is >= 0
        && Indicators.SimpleMovingAverage(closes, 25) is { } simple && simple >= closes.Min() - 1e-6 && simple <= closes.Max() + 1e-6
        && Indicators.ExponentialMovingAverage(closes, 25) is { } weighted && weighted >= closes.Min() - 1e-6 && weighted <= closes.Max() + 1e-6);

    // Only ratios of prices count, not the unit: yen or sen.
    [Fact]
    public void Ratios_PricesTimesAHundred_StayTheSame() => Closes.Sample(closes =>
    {
        double[] inSen = [.. closes.Select(close => close * 100)];
        return Same(Indicators.RelativeStrengthIndex(closes, 14), Indicators.RelativeStrengthIndex(inSen, 14))
            && Same(Indicators.Volatility(closes, 20), Indicators.Volatility(inSen, 20))
            && Same(Indicators.Momentum(closes, 10), Indicators.Momentum(inSen, 10));

        static bool Same(double? one, double? other) => Math.Abs(one!.Value - other!.Value) <= 1e-6 * (1 + Math.Abs(one.Value));
    });
}
