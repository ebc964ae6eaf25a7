using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>A stock of the built-in data set.</summary>
/// <param name="Listing">Who it is: real.</param>
/// <param name="IsTopix500">Whether it trades in the finer ticks: real, as of 2025.</param>
/// <param name="Level">The price around which its synthetic prices wander, in yen.</param>
/// <param name="DailyVolatility">The deviation of a day's return.</param>
/// <param name="DailyVolume">A usual day's volume, in shares.</param>
internal sealed record BuiltInStock(Stock Listing, bool IsTopix500, decimal Level, double DailyVolatility, long DailyVolume)
{
    /// <summary>The code.</summary>
    public StockCode Code { get; } = StockCode.TryParse(Listing.Ticker, out var code)
        ? code
        : throw new ArgumentException($"{Listing.Ticker} is no stock code.", nameof(Listing));
}
