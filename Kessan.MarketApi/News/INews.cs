using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.News;

/// <summary>News about stocks, and where it came from.</summary>
internal interface INews
{
    /// <summary>The news about a stock: <c>news_data:7203:earnings</c>; <see langword="null"/> if there is no such stock.</summary>
    [CacheResult(CacheDataType.NewsData)]
    ValueTask<CacheLookup<StockNews?>> GetAsync(StockCode code, string category, CancellationToken cancellationToken);
}
