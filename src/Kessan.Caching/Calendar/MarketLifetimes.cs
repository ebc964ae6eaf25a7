using Kessan.Caching.HotKeys;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;

namespace Kessan.Caching.Calendar;

/// <summary>
/// Lifetimes by the hour of the market: while data can change the configured lifetime counts, otherwise an entry lives until the data can
/// next change.
/// </summary>
/// <remarks>
/// <code>
/// Japan time, trading days      price, index              financials            news (fresh = the configured lifetime)
///  until  9:00                  until 9:00                until the next of     fresh; at night (20:00 to 7:00) 6 x fresh, until 7:00
///   9:00  11:30                 configured lifetime *     18:00 and 24:30 of    11:25 to 11:45: fresh / 12
///  11:30  12:30                 until 12:30               a trading day + settle
///  12:30  15:25                 configured lifetime *     on a day of results:
///  15:25  15:30                 until 15:30 + settle      until 15:00, then 300 s
///  15:30  16:30                 until 16:30 + settle      until 24:00           15:30 to 16:30: fresh / 12
///  16:30                        until the next opening                          as before 9:00
///
///  * a hot key: HotPriceFresh, if there is one
/// </code>
/// After each auction and each publication there is a short settle delay, so that what it brings is not missed by an instant. News entries end when a rush of
/// disclosures begins (11:25, 15:30). A lifetime that ends at such a moment has no jitter: to end earlier would only ask for the same data
/// again, to end later would serve old data in an open market. All other data types keep their lifetime.
/// Immutable and safe for concurrent use.
/// </remarks>
public sealed class MarketLifetimes
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ResultsDayFresh = TimeSpan.FromSeconds(300);
    private static readonly TimeOnly ResultsFrom = new(15, 0);
    private static readonly TimeOnly FinancialsFirst = new(18, 0);
    private static readonly TimeOnly FinancialsFinal = new(0, 30);
    private static readonly TimeOnly NoonNewsStart = new(11, 25);
    private static readonly TimeOnly NoonNewsEnd = new(11, 45);
    private static readonly TimeOnly EveningNewsEnd = new(16, 30);
    private static readonly TimeOnly NightStart = new(20, 0);
    private static readonly TimeOnly NightEnd = new(7, 0);

    private readonly TokyoMarketCalendar _calendar;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _settleDelay;
    private readonly TimeOnly _officialPrices;
    private readonly TimeSpan? _hotPriceFresh;
    private readonly IEarningsCalendar? _earnings;

    /// <summary>Makes the rule.</summary>
    /// <param name="calendar">The trading days.</param>
    /// <param name="timeProvider">Tells the time.</param>
    /// <param name="options">The settle delay, the hour of official prices, the life of hot ones; <see langword="null"/>: the defaults.</param>
    /// <param name="earnings">Who publishes results when; <see langword="null"/>: nobody knows.</param>
    public MarketLifetimes(
        TokyoMarketCalendar calendar, TimeProvider timeProvider, MarketCalendarOptions? options = null, IEarningsCalendar? earnings = null)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentNullException.ThrowIfNull(timeProvider);
        options ??= new MarketCalendarOptions();
        _calendar = calendar;
        _timeProvider = timeProvider;
        _settleDelay = options.SettleDelay;
        var official = options.OfficialPricesAt.Add(_settleDelay, out var wrappedDays);
        _officialPrices = wrappedDays == 0 ? official : TimeOnly.MaxValue;
        _hotPriceFresh = options.HotPriceFresh;
        _earnings = earnings;
    }

    /// <summary>The lifetime of a value of a data type that the source makes now.</summary>
    /// <param name="type">The data type.</param>
    /// <param name="lifetime">Its configured lifetime; returned itself where the hour does not matter.</param>
    public CacheLifetime Adapt(CacheDataType type, CacheLifetime lifetime) => Adapt(type, lifetime, [], null);

    /// <summary>The same for an entry: its key says which stock it is about, and whether it is hot.</summary>
    internal CacheLifetime Adapt(CacheDataType type, CacheLifetime lifetime, ReadOnlySpan<char> key, HotKeyTracker? hotKeys)
    {
        ArgumentNullException.ThrowIfNull(lifetime);
        var now = _timeProvider.GetUtcNow();
        TimeSpan? fresh;
        switch (type)
        {
            case CacheDataType.StockPrice or CacheDataType.MarketData:
                fresh = UntilPriceChange(now);
                // Many hot keys may be made together, so that these keep their jitter.
                if (fresh is null && _hotPriceFresh < lifetime.Fresh && hotKeys?.IsHot(key) == true) return lifetime with { Fresh = _hotPriceFresh.Value };
                break;
            case CacheDataType.FinancialData:
                fresh = NextFinancials(now, CacheKeys.PartOf(key, 1)) - now;
                break;
            case CacheDataType.NewsData:
                fresh = NewsLifetime(now, lifetime.Fresh);
                break;
            default:
                return lifetime;
        }

        return fresh is { } time && time != lifetime.Fresh
            ? lifetime with { Fresh = time < Shortest ? Shortest : time, Jitter = 0 }
            : lifetime;
    }

    /// <returns><see langword="null"/> while prices change.</returns>
    private TimeSpan? UntilPriceChange(DateTimeOffset now)
    {
        var (day, time) = TokyoMarketCalendar.InTokyo(now);
        if (!_calendar.IsTradingDay(day) || time >= _officialPrices)
            return TokyoMarketCalendar.At(_calendar.NextTradingDay(day), TokyoMarketCalendar.Open) - now;

        TimeOnly? change = time switch
        {
            _ when time < TokyoMarketCalendar.Open => TokyoMarketCalendar.Open,
            _ when time < TokyoMarketCalendar.LunchStart => null,
            _ when time < TokyoMarketCalendar.LunchStart.Add(_settleDelay) => TokyoMarketCalendar.LunchStart.Add(_settleDelay),
            _ when time < TokyoMarketCalendar.LunchEnd => TokyoMarketCalendar.LunchEnd,
            _ when time < TokyoMarketCalendar.PreClosingStart => null,
            _ when time < TokyoMarketCalendar.Close.Add(_settleDelay) => TokyoMarketCalendar.Close.Add(_settleDelay),
            _ => _officialPrices,
        };
        return change is { } at ? TokyoMarketCalendar.At(day, at) - now : null;
    }

    /// <summary>
    /// Statements of a trading day are published at 18:00 and, final, at 24:30, which is 0:30 of the next date; those of a company that
    /// publishes results that day may be there from 15:00.
    /// </summary>
    private DateTimeOffset NextFinancials(DateTimeOffset now, ReadOnlySpan<char> ticker)
    {
        var (today, _) = TokyoMarketCalendar.InTokyo(now);
        for (var day = today.AddDays(-1); ; day = _calendar.NextTradingDay(day))
        {
            if (!_calendar.IsTradingDay(day)) continue;
            var next = NextPublication(day, now);
            if (next is null) continue;
            if (_earnings is null || ticker.IsEmpty || day < today || !_earnings.Announces(ticker.ToString(), day)) return next.Value;

            var results = TokyoMarketCalendar.At(day, ResultsFrom);
            return results > now ? results : Min(next.Value, now + ResultsDayFresh);
        }
    }

    /// <returns><see langword="null"/>: all of that day is published.</returns>
    private DateTimeOffset? NextPublication(DateOnly day, DateTimeOffset now)
    {
        var first = TokyoMarketCalendar.At(day, FinancialsFirst) + _settleDelay;
        if (first > now) return first;
        var final = TokyoMarketCalendar.At(day.AddDays(1), FinancialsFinal) + _settleDelay;
        return final > now ? final : null;
    }

    private TimeSpan NewsLifetime(DateTimeOffset now, TimeSpan configured)
    {
        var (day, time) = TokyoMarketCalendar.InTokyo(now);
        var trading = _calendar.IsTradingDay(day);
        if (trading && (time.IsBetween(NoonNewsStart, NoonNewsEnd) || time.IsBetween(TokyoMarketCalendar.Close, EveningNewsEnd)))
            return configured / 12;

        var fresh = configured;
        if (time.IsBetween(NightStart, NightEnd))
        {
            var morning = TokyoMarketCalendar.At(time < NightEnd ? day : day.AddDays(1), NightEnd) - now;
            fresh = Max(configured, Min(configured * 6, morning));
        }

        return Min(fresh, NextRush(day, time, trading) - now);
    }

    private DateTimeOffset NextRush(DateOnly day, TimeOnly time, bool trading) => (trading, time) switch
    {
        (true, _) when time < NoonNewsStart => TokyoMarketCalendar.At(day, NoonNewsStart),
        (true, _) when time < TokyoMarketCalendar.Close => TokyoMarketCalendar.At(day, TokyoMarketCalendar.Close),
        _ => TokyoMarketCalendar.At(_calendar.NextTradingDay(day), NoonNewsStart),
    };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
