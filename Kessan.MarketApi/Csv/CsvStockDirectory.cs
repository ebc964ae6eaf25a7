using System.Collections.Immutable;
using Kessan.MarketApi.BuiltIn;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.Csv;

/// <summary>The stocks that there are files of. Files of bars have no names: those of the built-in listing are used where it has them.</summary>
internal sealed class CsvStockDirectory(CsvDirectory directory) : IStockDirectory
{
    public ValueTask<ImmutableArray<Stock>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(directory.Read().Keys.OrderBy(code => code.Value, StringComparer.Ordinal).Select(ToStock).ToImmutableArray());

    public ValueTask<Stock?> FindAsync(StockCode code, CancellationToken cancellationToken) =>
        ValueTask.FromResult(directory.Read().ContainsKey(code) ? ToStock(code) : null);

    private static Stock ToStock(StockCode code) =>
        BuiltInListing.Find(code)?.Listing ?? new Stock(code.Value, code.Value, code.Value, Sector: "", Segment: "");
}
