using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Prices;

/// <summary>Where prices come from. Safe for concurrent use.</summary>
internal interface IPriceSource
{
    /// <summary>The price of a stock.</summary>
    /// <param name="code">The stock.</param>
    /// <param name="date">The day; <see langword="null"/> for the latest price there is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/>: the source has no price of this stock on that day.</returns>
    /// <exception cref="SourceException">The source could not be asked.</exception>
    ValueTask<StockPrice?> GetPriceAsync(StockCode code, DateOnly? date, CancellationToken cancellationToken);
}
