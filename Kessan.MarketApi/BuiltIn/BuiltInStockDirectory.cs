using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>The built-in stocks. In memory, so always at hand.</summary>
internal sealed class BuiltInStockDirectory : IStockDirectory
{
    public ValueTask<Stock?> FindAsync(StockCode code, CancellationToken cancellationToken) =>
        ValueTask.FromResult(BuiltInListing.Find(code)?.Listing);
}
