using System.Collections.Immutable;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>The built-in stocks.</summary>
internal sealed class BuiltInStockDirectory(SourceWeather weather) : IStockDirectory
{
    private static readonly ImmutableArray<Stock> Stocks =
        [.. BuiltInListing.All.Select(stock => stock.Listing).OrderBy(stock => stock.Ticker, StringComparer.Ordinal)];

    public async ValueTask<ImmutableArray<Stock>> ListAsync(CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        return Stocks;
    }

    // Asked when a stock turns out to have no price, to say why: not a call that a cache hides, so it is not slowed down.
    public ValueTask<Stock?> FindAsync(StockCode code, CancellationToken cancellationToken) =>
        ValueTask.FromResult(BuiltInListing.Find(code)?.Listing);
}
