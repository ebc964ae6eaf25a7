using System.Collections.Immutable;
using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.JQuants;

/// <summary>The exchange's list of stocks, fetched as a whole once a day for all nodes.</summary>
internal sealed class JQuantsStockDirectory(JQuantsClient client, KessanHybridCache cache, CacheKeyBuilder keys) : IStockDirectory
{
    private static readonly CacheEntryOptions Entry = new()
    {
        Expiration = TimeSpan.FromDays(1),
        StaleWindow = TimeSpan.FromDays(7),
        FillDeadline = TimeSpan.FromMinutes(5),
    };

    public async ValueTask<ImmutableArray<Stock>> ListAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Stocks;

    public async ValueTask<Stock?> FindAsync(StockCode code, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Find(code.Value);

    private async ValueTask<StockListing> ReadAsync(CancellationToken cancellationToken)
    {
        var lookup = await cache.GetOrCreateLookupAsync(
            keys.Build(CacheDataType.StockSearch, "jquants", "listing"),
            async (_, token) => ToListing(await client.GetAsync<MasterRow>("equities/master", "", token)),
            Entry,
            cancellationToken: cancellationToken);
        return lookup.Value!;
    }

    private static StockListing ToListing(List<MasterRow> rows)
    {
        var stocks = new SortedDictionary<string, Stock>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (StockCode.TryParse(row.Code, out var code))
            {
                stocks[code.Value] = new Stock(
                    code.Value, row.Name ?? row.NameJapanese ?? code.Value, row.NameJapanese ?? "", row.Sector ?? "", row.Segment ?? "");
            }
        }
        return new StockListing([.. stocks.Values]);
    }
}
