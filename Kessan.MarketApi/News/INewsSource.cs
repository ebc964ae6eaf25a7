using Kessan.Caching;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.News;

/// <summary>Where news comes from. Safe for concurrent use; throws <see cref="SourceException"/> if it cannot be asked.</summary>
internal interface INewsSource
{
    /// <summary>The news about a stock.</summary>
    /// <param name="stock">The stock.</param>
    /// <param name="category">One of <see cref="NewsCategory.All"/>, or <see cref="NewsCategory.Any"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The news, and how long it holds, where the source knows it.</returns>
    ValueTask<CacheLookup<StockNews?>> GetAsync(Stock stock, string category, CancellationToken cancellationToken);
}
