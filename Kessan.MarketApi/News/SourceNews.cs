using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.News;

/// <summary>News from the source that was chosen, about stocks that there are.</summary>
internal sealed class SourceNews(INewsSource source, IStockDirectory stocks) : INews
{
    public async ValueTask<CacheLookup<StockNews?>> GetAsync(StockCode code, string category, CancellationToken cancellationToken) =>
        await stocks.FindAsync(code, cancellationToken) is { } stock
            ? await source.GetAsync(stock, category, cancellationToken)
            : CacheLookup.Of<StockNews?>(null);
}
