using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Stocks;

/// <summary>Knows which stocks are listed. Safe for concurrent use.</summary>
internal interface IStockDirectory
{
    /// <summary>The stock with a code; <see langword="null"/> if there is none.</summary>
    ValueTask<Stock?> FindAsync(StockCode code, CancellationToken cancellationToken);
}
