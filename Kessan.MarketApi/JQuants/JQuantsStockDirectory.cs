using System.Collections.Immutable;
using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

/// <summary>The exchange's list of stocks, fetched as a whole for all nodes, and again when J-Quants renews it.</summary>
internal sealed class JQuantsStockDirectory(
    JQuantsClient client, KessanHybridCache cache, CacheKeyBuilder keys, IOptions<MarketCalendarOptions> calendar, TimeProvider timeProvider) : IStockDirectory
{
    // The next day's list, and its corrections in the morning.
    private static readonly DailyTimes Updates = new(new(8, 0), new(17, 30));

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
            (context, token) =>
            {
                // From the moment of asking: who asks just before an update gets the list of before.
                context.HoldFor(Updates.UntilNext(timeProvider.GetUtcNow(), calendar.Value.SettleDelay));
                return FetchAsync(token);
            },
            Entry,
            cancellationToken: cancellationToken);
        return lookup.Value!;
    }

    private async ValueTask<StockListing> FetchAsync(CancellationToken cancellationToken)
    {
        var rows = await client.GetAsync<MasterRow>("equities/master", "", cancellationToken);
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
