using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Sources;
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
    private static readonly TimeSpan RetryWhenLate = TimeSpan.FromMinutes(5);

    // A share that did not trade has no bar either; hours later that is why.
    private static readonly TimeSpan MayBeLate = TimeSpan.FromHours(3);

    // Several pages may have to wait for their turns.
    private static readonly CacheEntryOptions Entry = new() { Expiration = Lifetime, StaleWindow = Lifetime, FillDeadline = TimeSpan.FromMinutes(5) };

    private readonly TokyoMarketCalendar _calendar = new();

    /// <summary>The latest published day and the one before it. What is made of them does not keep a day that is to be published from being seen.</summary>
    public async ValueTask<(DaySheet Latest, DaySheet Before)> LatestAsync(CacheFillContext context, CancellationToken cancellationToken)
    {
        // A day does not change once it is published, so that a stale one is as good.
        var latest = await ReadAsync(LatestDay(), cancellationToken);
        if (latest.IsEmpty)
        {
            // Late today: the day before is still the latest.
            context.HoldFor(RetryWhenLate);
            latest = await ReadAsync(DayBefore(latest.Date), cancellationToken);
        }
        return (latest, await ReadAsync(DayBefore(latest.Date), cancellationToken));
    }

    /// <summary>The latest day that should be published.</summary>
    public DateOnly LatestDay()
    {
        var (day, time) = TokyoMarketCalendar.InTokyo(timeProvider.GetUtcNow().AddDays(-options.Value.DelayDays));
        return _calendar.TradingDayOnOrBefore(time < PublishedAt ? day.AddDays(-1) : day);
    }

    /// <summary>What ends with a day is kept for minutes only if a later day may come at any moment.</summary>
    public void HoldUntilPublished(DateOnly last, CacheFillContext context)
    {
        var latest = LatestDay();
        var late = timeProvider.GetUtcNow().AddDays(-options.Value.DelayDays) - TokyoMarketCalendar.At(latest, PublishedAt);
        if (last < latest && late < MayBeLate)
            context.HoldFor(RetryWhenLate);
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
                    context.HoldFor(RetryWhenLate);
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
