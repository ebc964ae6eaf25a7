namespace Kessan.MarketApi.Analysis;

/// <summary>
/// Indicators of technical analysis, of closing prices in order of time. Each is <see langword="null"/> if there are too few prices.
/// </summary>
internal static class Indicators
{
    /// <summary>Trading days in a year, for annual volatility: Tokyo has 242 to 245.</summary>
    public const int TradingDaysPerYear = 245;

    /// <summary>Simple moving average (Murphy, "Technical Analysis of the Financial Markets", 1999, chapter 9).</summary>
    public static double? SimpleMovingAverage(ReadOnlySpan<double> closes, int window) =>
        closes.Length < window ? null : Mean(closes[^window..]);

    /// <summary>
    /// Exponential moving average with the weight 2/(n+1) for the latest price, begun with the simple average of the first n
    /// (Murphy 1999, chapter 9).
    /// </summary>
    public static double? ExponentialMovingAverage(ReadOnlySpan<double> closes, int window)
    {
        if (closes.Length < window)
            return null;

        var weight = 2.0 / (window + 1);
        var average = Mean(closes[..window]);
        foreach (var close in closes[window..])
            average += weight * (close - average);
        return average;
    }

    /// <summary>
    /// Relative strength index: 100 - 100/(1 + average gain/average loss), begun with plain averages of the first n changes and then
    /// smoothed by 1/n (Wilder, "New Concepts in Technical Trading Systems", 1978, section 6). Without any change it is 50.
    /// </summary>
    public static double? RelativeStrengthIndex(ReadOnlySpan<double> closes, int window)
    {
        if (closes.Length <= window)
            return null;

        double gain = 0, loss = 0;
        for (var i = 1; i < closes.Length; i++)
        {
            var change = closes[i] - closes[i - 1];
            // The first n changes are averaged plainly, each later one counts 1/n.
            var (kept, added) = i <= window ? (1.0, 1.0 / window) : (1 - (1.0 / window), 1.0 / window);
            gain = (kept * gain) + (added * Math.Max(0, change));
            loss = (kept * loss) + (added * Math.Max(0, -change));
        }
        return gain + loss == 0 ? 50 : 100 * gain / (gain + loss);
    }

    /// <summary>
    /// Annual volatility in percent: the sample deviation of the last n logarithmic returns, times the root of the trading days in a
    /// year (Hull, "Options, Futures, and Other Derivatives", "Estimating volatility from historical data").
    /// </summary>
    public static double? Volatility(ReadOnlySpan<double> closes, int window)
    {
        if (window < 2 || closes.Length <= window)
            return null;

        var returns = new double[window];
        var last = closes[^(window + 1)..];
        for (var i = 0; i < window; i++)
            returns[i] = Math.Log(last[i + 1] / last[i]);
        var mean = Mean(returns);
        var squares = 0.0;
        foreach (var change in returns)
            squares += (change - mean) * (change - mean);
        return 100 * Math.Sqrt(squares / (window - 1) * TradingDaysPerYear);
    }

    /// <summary>Momentum as rate of change: the last price against the one n days before, in percent (Murphy 1999, chapter 10).</summary>
    public static double? Momentum(ReadOnlySpan<double> closes, int window) =>
        closes.Length <= window ? null : 100 * ((closes[^1] / closes[^(window + 1)]) - 1);

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
