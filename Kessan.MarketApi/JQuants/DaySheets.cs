using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

/// <summary>
/// The latest two days of the whole market, each fetched with one question, once for all nodes: a budget of five requests a minute
/// has no room for a question per stock.
/// </summary>
internal sealed class DaySheets(
    JQuantsClient client, KessanHybridCache cache, CacheKeyBuilder keys, IOptions<JQuantsOptions> options, TimeProvider timeProvider)
{
    // When J-Quants publishes a day's bars (its data update timetable).
    private static readonly TimeOnly PublishedAt = new(16, 30);

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan RetryWhenEmpty = TimeSpan.FromMinutes(5);

    // Several pages may have to wait for their turns.
    private static readonly CacheEntryOptions Entry = new() { Expiration = Lifetime, StaleWindow = Lifetime, FillDeadline = TimeSpan.FromMinutes(5) };

    private readonly TokyoMarketCalendar _calendar = new();

    /// <summary>The latest published day and the one before it.</summary>
    public async ValueTask<(DaySheet Latest, DaySheet Before)> LatestAsync(CancellationToken cancellationToken)
    {
        var latest = await ReadAsync(LatestDay(), cancellationToken);
        // Late today: the day before is still the latest.
        if (latest.IsEmpty)
            latest = await ReadAsync(DayBefore(latest.Date), cancellationToken);
        return (latest, await ReadAsync(DayBefore(latest.Date), cancellationToken));
    }

    /// <summary>The latest day that should be published.</summary>
    public DateOnly LatestDay()
    {
        var (day, time) = TokyoMarketCalendar.InTokyo(timeProvider.GetUtcNow().AddDays(-options.Value.DelayDays));
        return _calendar.TradingDayOnOrBefore(time < PublishedAt ? day.AddDays(-1) : day);
    }

    private DateOnly DayBefore(DateOnly day) => _calendar.TradingDayOnOrBefore(day.AddDays(-1));

    private async ValueTask<DaySheet> ReadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var lookup = await cache.GetOrCreateLookupAsync(
            keys.Build(CacheDataType.MarketData, "jquants", JQuantsDate.Format(day)),
            async (context, token) =>
            {
                var sheet = await FetchAsync(day, token);
                if (sheet.IsEmpty)
                    context.Expiration = RetryWhenEmpty;
                return sheet;
            },
            Entry,
            cancellationToken: cancellationToken);
        return lookup.Value!;
    }

    private async ValueTask<DaySheet> FetchAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var quotes = await client.GetAsync<QuoteRow>("equities/bars/daily", $"date={JQuantsDate.Format(day)}", cancellationToken);
        var rows = new Dictionary<string, DaySheetRow>();
        foreach (var quote in quotes)
        {
            if (quote.TryGetCode(out var code) && quote.ToBar() is { } bar)
                rows[code.Value] = new DaySheetRow(code.Value, bar, quote.AdjustmentFactor ?? 1);
        }
        return new DaySheet(day, [.. rows.Values]);
    }
}
