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
    /// <param name="context">Takes how long the answer holds, where the source knows it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<StockNews> GetAsync(Stock stock, string category, CacheFillContext context, CancellationToken cancellationToken);
}
