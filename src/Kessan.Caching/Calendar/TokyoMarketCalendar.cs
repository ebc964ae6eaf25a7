namespace Kessan.Caching.Calendar;

/// <summary>When cash equities are traded at the Tokyo Stock Exchange.</summary>
/// <remarks>
/// <para>
/// The hours are those since 5 November 2024 (arrowhead 4.0): 9:00 to 11:30 and 12:30 to 15:30, of which the last five minutes collect
/// orders for the closing auction. No trading on Saturdays, Sundays, national holidays (with substitute and sandwiched days), 31 December and
/// 1 to 3 January. All times are Japan Standard Time, UTC+9 without summer time.
/// </para>
/// <para>Immutable and safe for concurrent use.</para>
/// </remarks>
public sealed class TokyoMarketCalendar
{
    internal static readonly TimeOnly Open = new(9, 0);
    internal static readonly TimeOnly LunchStart = new(11, 30);
    internal static readonly TimeOnly LunchEnd = new(12, 30);
    internal static readonly TimeOnly PreClosingStart = new(15, 25);
    internal static readonly TimeOnly Close = new(15, 30);

    private static readonly TimeSpan JapanOffset = TimeSpan.FromHours(9);

    private readonly IReadOnlyDictionary<DateOnly, bool> _exceptions;

    /// <summary>Makes a calendar.</summary>
    /// <param name="exceptions">Days on which the rules are wrong: <see langword="true"/> for a trading day. Default: none.</param>
    public TokyoMarketCalendar(IReadOnlyDictionary<DateOnly, bool>? exceptions = null)
        => _exceptions = exceptions ?? new Dictionary<DateOnly, bool>();

    /// <summary>Whether the exchange trades on a day.</summary>
    public bool IsTradingDay(DateOnly day) => _exceptions.TryGetValue(day, out var trades)
        ? trades
        : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
            && (day.Month, day.Day) is not ((12, 31) or (1, <= 3))
            && !JapaneseHolidays.IsHoliday(day);

    /// <summary>The first trading day after a day; at most 31 days later, even if there is none.</summary>
    public DateOnly NextTradingDay(DateOnly day)
    {
        var next = day.AddDays(1);
        for (var i = 0; i < 30 && !IsTradingDay(next); i++) next = next.AddDays(1);
        return next;
    }

    /// <summary>What the exchange is doing at an instant; each phase begins on its first instant and ends before the next one's.</summary>
    public MarketPhase PhaseAt(DateTimeOffset instant)
    {
        var (day, time) = InTokyo(instant);
        if (time < Open || time >= Close || !IsTradingDay(day)) return MarketPhase.Closed;
        if (time < LunchStart) return MarketPhase.Morning;
        if (time < LunchEnd) return MarketPhase.Lunch;
        return time < PreClosingStart ? MarketPhase.Afternoon : MarketPhase.PreClosing;
    }

    /// <summary>The date and the time of day in Tokyo.</summary>
    public static (DateOnly Day, TimeOnly Time) InTokyo(DateTimeOffset instant)
    {
        var local = instant.ToOffset(JapanOffset);
        return (DateOnly.FromDateTime(local.DateTime), TimeOnly.FromDateTime(local.DateTime));
    }

    /// <summary>The instant of a date and time of day in Tokyo.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly time) => new(day.ToDateTime(time), JapanOffset);
}
