using System.Collections.Immutable;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Sources;

namespace Kessan.MarketApi.Stocks;

/// <summary>Knows which stocks are listed. Safe for concurrent use; throws <see cref="SourceException"/> if its source cannot be asked.</summary>
internal interface IStockDirectory
{
    /// <summary>All stocks, in the order of their codes.</summary>
    ValueTask<ImmutableArray<Stock>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The stock with a code; <see langword="null"/> if there is none.</summary>
    ValueTask<Stock?> FindAsync(StockCode code, CancellationToken cancellationToken);
}
