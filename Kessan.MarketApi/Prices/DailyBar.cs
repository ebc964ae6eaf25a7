using System.ComponentModel;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Prices;

/// <summary>A day's trading of a stock, in yen and shares. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record DailyBar(DateOnly Date, decimal Open, decimal High, decimal Low, decimal Close, long Volume)
{
    /// <summary>The price of a day that is over.</summary>
    public StockPrice ToFinalPrice(StockCode code, decimal? previousClose) => new(
        code.Value, Date, Open, High, Low, Close, previousClose, Volume,
        TradingSession.CloseOf(Date), IsFinal: true);
}
