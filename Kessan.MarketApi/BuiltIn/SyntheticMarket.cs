using System.Collections.Concurrent;
using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>
/// The synthetic market as far as it has come: each stock's prices up to the present minute. Each series is computed when it is
/// first asked for. Safe for concurrent use.
/// </summary>
internal sealed class SyntheticMarket(IOptions<BuiltInOptions> options, TimeProvider timeProvider)
{
    private readonly ulong _seed = options.Value.Seed;
    private readonly TokyoMarketCalendar _calendar = new();
    private readonly ConcurrentDictionary<StockCode, SyntheticSeries> _series = new();

    /// <summary>A stock's day; the latest that has begun if none is named. <see langword="null"/>: no such stock or no trading then.</summary>
    public SyntheticDay? Day(StockCode code, DateOnly? date = null)
    {
        if (Series(code) is not { } series)
            return null;

        var (latest, minutes) = Latest();
        var day = date ?? latest;
        return day > latest ? null : series.Day(day, day == latest ? minutes : TradingSession.Minutes.Count);
    }

    /// <summary>A stock's days that are over, from one to another; <see langword="null"/>: no such stock.</summary>
    public IReadOnlyList<SyntheticDay>? Days(StockCode code, DateOnly from, DateOnly to)
    {
        if (Series(code) is not { } series)
            return null;

        var (latest, minutes) = Latest();
        var over = minutes == TradingSession.Minutes.Count ? latest : latest.AddDays(-1);
        return series.Days(from, to < over ? to : over);
    }

    /// <summary>When the last price of a day was made.</summary>
    public static DateTimeOffset AsOf(SyntheticDay day) => day.IsOver
        ? TradingSession.CloseOf(day.Date)
        : TokyoMarketCalendar.At(day.Date, TradingSession.Minutes[day.Minutes - 1]);

    // Before the first trade of a day the latest price is the close of the day before.
    private (DateOnly Day, int Minutes) Latest()
    {
        var (today, time) = TokyoMarketCalendar.InTokyo(timeProvider.GetUtcNow());
        var latest = _calendar.TradingDayOnOrBefore(time < TradingSession.Open ? today.AddDays(-1) : today);
        return (latest, latest == today ? TradingSession.MinutesBegun(time) : TradingSession.Minutes.Count);
    }

    private SyntheticSeries? Series(StockCode code) => BuiltInListing.Find(code) is { } stock
        ? _series.GetOrAdd(code, static (_, made) => new SyntheticSeries(made.stock, made.seed), (stock, seed: _seed))
        : null;
}
