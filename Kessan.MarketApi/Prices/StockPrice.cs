using System.ComponentModel;

namespace Kessan.MarketApi.Prices;

/// <summary>The price of a stock on a day, in yen. Immutable.</summary>
/// <param name="Ticker">The code.</param>
/// <param name="Date">The trading day.</param>
/// <param name="Open">The first price of the day.</param>
/// <param name="High">The highest price so far.</param>
/// <param name="Low">The lowest price so far.</param>
/// <param name="Close">The last price so far; the closing price once <paramref name="IsFinal"/>.</param>
/// <param name="PreviousClose">The close of the trading day before, if the source knows it.</param>
/// <param name="Volume">Shares traded so far.</param>
/// <param name="AsOf">When the last price was made.</param>
/// <param name="IsFinal">Whether the day is over.</param>
[ImmutableObject(true)]
internal sealed record StockPrice(
    string Ticker,
    DateOnly Date,
    decimal Open,
    decimal High,
    decimal Low,
    decimal Close,
    decimal? PreviousClose,
    long Volume,
    DateTimeOffset AsOf,
    bool IsFinal);
