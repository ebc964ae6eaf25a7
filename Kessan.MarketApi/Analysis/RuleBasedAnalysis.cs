using System.Globalization;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.Analysis;

/// <summary>Computes the figures of an analysis and reads them by three plain rules.</summary>
internal static class RuleBasedAnalysis
{
    private const double Overbought = 70; // Wilder 1978
    private const double Oversold = 30;

    /// <summary>Analyses a history; <see langword="null"/> if there are no prices.</summary>
    public static StockAnalysis? Compute(PriceHistory history, AnalysisKind kind)
    {
        if (history.Bars.IsEmpty)
            return null;

        var closes = history.Bars.Select(bar => (double)bar.Close).ToArray();
        var last = history.Bars[^1];
        var indicators = Compute(closes, kind).ToList();
        var readings = Read(closes, kind).ToList();
        var direction = readings.Sum(reading => reading.Direction);
        return new StockAnalysis(
            history.Ticker, kind.Name, last.Date, last.Close, [.. indicators],
            direction > 0 ? "bullish" : direction < 0 ? "bearish" : "neutral",
            readings.Count == 0 ? "Too few prices for any rule." : string.Join(' ', readings.Select(reading => reading.Text)),
            Commentary: null, Model: null);
    }

    private static IEnumerable<Indicator> Compute(double[] closes, AnalysisKind kind)
    {
        foreach (var window in kind.Averages)
        {
            if (Indicators.SimpleMovingAverage(closes, window) is { } average)
                yield return Figure("sma", window, average, "jpy", "Mean of the closes; Murphy 1999.");
        }
        if (Indicators.ExponentialMovingAverage(closes, kind.Averages[0]) is { } exponential)
            yield return Figure("ema", kind.Averages[0], exponential, "jpy", "Weight 2/(n+1) for the latest close; Murphy 1999.");
        if (Indicators.RelativeStrengthIndex(closes, kind.Strength) is { } strength)
            yield return Figure("rsi", kind.Strength, strength, "index", "Smoothed gains and losses; Wilder 1978.");
        if (Indicators.Volatility(closes, kind.Volatility) is { } volatility)
            yield return Figure("volatility", kind.Volatility, volatility, "percent", "Deviation of log returns, a year of 245 days; Hull.");
        if (Indicators.Momentum(closes, kind.Momentum) is { } momentum)
            yield return Figure("momentum", kind.Momentum, momentum, "percent", "Rate of change; Murphy 1999.");
    }

    private static IEnumerable<(int Direction, string Text)> Read(double[] closes, AnalysisKind kind)
    {
        var (fastWindow, slowWindow) = (kind.Averages[0], kind.Averages[^1]);
        if (Indicators.SimpleMovingAverage(closes, fastWindow) is { } fast && Indicators.SimpleMovingAverage(closes, slowWindow) is { } slow)
            yield return (Math.Sign(fast - slow), $"The {fastWindow}-day average is {(fast < slow ? "below" : "above")} the {slowWindow}-day one.");
        if (Indicators.RelativeStrengthIndex(closes, kind.Strength) is { } rsi)
        {
            var (direction, text) = rsi >= Overbought ? (-1, "overbought") : rsi <= Oversold ? (1, "oversold") : (0, "in the middle");
            yield return (direction, string.Create(CultureInfo.InvariantCulture, $"The RSI of {rsi:0} is {text}."));
        }
        if (Indicators.Momentum(closes, kind.Momentum) is { } momentum)
            yield return (Math.Sign(momentum), string.Create(CultureInfo.InvariantCulture, $"The price moved {momentum:+0.0;-0.0;0.0} % in {kind.Momentum} days."));
    }

    private static Indicator Figure(string name, int window, double value, string unit, string method) =>
        new(name, window, Math.Round(value, 2), unit, method);
}
