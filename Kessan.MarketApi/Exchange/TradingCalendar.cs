namespace Kessan.MarketApi.Exchange;

/// <summary>
/// The days on which the Tokyo Stock Exchange trades: not on weekends, public holidays (Act on National Holidays, with substitute
/// and sandwiched days), 31 December and 1 to 3 January.
/// </summary>
/// <remarks>By the rules in force since 2022; the years of the Tokyo Olympics moved holidays once.</remarks>
internal static class TradingCalendar
{
    /// <summary>Whether shares trade on a day.</summary>
    public static bool IsTradingDay(DateOnly date) =>
        date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
        && (date.Month, date.Day) is not ((12, 31) or (1, <= 3))
        && !IsHoliday(date);

    /// <summary>The latest trading day that is not after <paramref name="date"/>.</summary>
    public static DateOnly OnOrBefore(DateOnly date)
    {
        while (!IsTradingDay(date))
            date = date.AddDays(-1);
        return date;
    }

    /// <summary>The trading days from one day to another, both included.</summary>
    public static IEnumerable<DateOnly> Days(DateOnly from, DateOnly to)
    {
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            if (IsTradingDay(day))
                yield return day;
        }
    }

    private static bool IsHoliday(DateOnly date) =>
        IsNamedHoliday(date) || IsSubstitute(date) || (IsNamedHoliday(date.AddDays(-1)) && IsNamedHoliday(date.AddDays(1)));

    // A holiday on a Sunday moves to the first day after it that is no holiday.
    private static bool IsSubstitute(DateOnly date)
    {
        for (var day = date.AddDays(-1); IsNamedHoliday(day); day = day.AddDays(-1))
        {
            if (day.DayOfWeek == DayOfWeek.Sunday)
                return true;
        }
        return false;
    }

    private static bool IsNamedHoliday(DateOnly date) => (date.Month, date.Day) switch
    {
        (1, 1) or (2, 11) or (2, 23) or (4, 29) or (5, 3) or (5, 4) or (5, 5) or (8, 11) or (11, 3) or (11, 23) => true,
        (1, var day) => IsMonday(date, 2, day),
        (7, var day) => IsMonday(date, 3, day),
        (9, var day) => IsMonday(date, 3, day) || day == Equinox(date.Year, 23.2488),
        (10, var day) => IsMonday(date, 2, day),
        (3, var day) => day == Equinox(date.Year, 20.8431),
        _ => false,
    };

    private static bool IsMonday(DateOnly date, int ordinal, int day) =>
        date.DayOfWeek == DayOfWeek.Monday && (day + 6) / 7 == ordinal;

    // The approximation of the Hydrographic Department for 1980 to 2099.
    private static int Equinox(int year, double inYear1980) =>
        (int)(inYear1980 + (0.242194 * (year - 1980)) - ((year - 1980) / 4));
}
