using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;

namespace Kessan.MarketApi.Prices;

/// <summary>The answer to a question for many prices.</summary>
/// <param name="Prices">What there is, in the order asked for.</param>
/// <param name="Missing">The codes without a price.</param>
internal sealed record PriceBoard(IReadOnlyList<PriceBoard.Row> Prices, IReadOnlyList<string> Missing)
{
    /// <summary>A price and where it came from.</summary>
    internal sealed record Row(StockPrice Price, CacheOrigin Cache);

    public static PriceBoard From(
        IReadOnlyDictionary<string, StockCode> codes, IReadOnlyDictionary<string, CacheLookup<StockPrice?>> lookups)
    {
        var rows = new List<Row>(codes.Count);
        var missing = new List<string>();
        foreach (var (key, code) in codes)
        {
            if (lookups[key].Value is { } price)
                rows.Add(new Row(price, CacheOrigin.Of(lookups[key])));
            else
                missing.Add(code.Value);
        }
        return new PriceBoard(rows, missing);
    }
}
