using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>
/// A trading day of a synthetic stock, or as many of <see cref="TradingSession.Minutes"/> of it as have happened. Immutable.
/// </summary>
internal sealed record SyntheticDay(
    DateOnly Date, decimal PreviousClose, decimal Open, decimal High, decimal Low, decimal Close, long Volume, int Minutes)
{
    /// <summary>Whether the last trade of the day has been made.</summary>
    public bool IsOver => Minutes == TradingSession.Minutes.Count;
}
