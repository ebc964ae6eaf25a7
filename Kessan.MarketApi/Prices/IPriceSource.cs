using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Sources;

namespace Kessan.MarketApi.Prices;

/// <summary>Where prices come from. Safe for concurrent use; every member throws <see cref="SourceException"/> if it cannot be asked.</summary>
internal interface IPriceSource
{
    /// <summary>The price of a stock.</summary>
    /// <param name="code">The stock.</param>
    /// <param name="date">The day; <see langword="null"/> for the latest price there is.</param>
    /// <param name="context">Takes how long the answer holds, where the source knows it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/>: the source has no price of this stock on that day.</returns>
    ValueTask<StockPrice?> GetPriceAsync(StockCode code, DateOnly? date, CacheFillContext context, CancellationToken cancellationToken);

    /// <summary>The latest prices of many stocks, asked for at once.</summary>
    /// <returns>Those that the source has.</returns>
    ValueTask<IReadOnlyDictionary<StockCode, StockPrice>> GetLatestAsync(
        IReadOnlyCollection<StockCode> codes, CacheFillContext context, CancellationToken cancellationToken);

    /// <summary>The daily bars of a stock from one day to another, both included.</summary>
    /// <returns><see langword="null"/>: the source does not know the stock.</returns>
    ValueTask<PriceHistory?> GetHistoryAsync(
        StockCode code, DateOnly from, DateOnly to, CacheFillContext context, CancellationToken cancellationToken);
}
