namespace Kessan.Caching.Calendar;

/// <summary>National holidays of Japan by the rules of the Act on National Holidays (Act No. 178 of 1948).</summary>
/// <remarks>
/// The rules are those in force since 2022 (2019 to 2021 had exceptions); the equinox formula holds to 2099. Allocates nothing.
/// </remarks>
internal static class JapaneseHolidays
{
    /// <summary>A holiday of any of the three kinds.</summary>
    internal static bool IsHoliday(DateOnly day) => IsNamed(day) || IsSubstitute(day) || IsSandwiched(day);

    /// <summary>A holiday with a name of its own (Article 2).</summary>
    private static bool IsNamed(DateOnly day) => (day.Month, day.Day) switch
    {
        (1, 1) or (2, 11) or (2, 23) or (4, 29) or (5, >= 3 and <= 5) or (8, 11) or (11, 3) or (11, 23) => true,
        (1, var d) => IsMonday(day, d, 2),
        (7, var d) => IsMonday(day, d, 3),
        (9, var d) => IsMonday(day, d, 3) || d == Equinox(day.Year, 23.2488),
        (10, var d) => IsMonday(day, d, 2),
        (3, var d) => d == Equinox(day.Year, 20.8431),
        _ => false,
    };

    /// <summary>The first day that is no named holiday after one that fell on a Sunday (Article 3, paragraph 2).</summary>
    private static bool IsSubstitute(DateOnly day)
    {
        for (var before = day.AddDays(-1); IsNamed(before); before = before.AddDays(-1))
        {
            if (before.DayOfWeek == DayOfWeek.Sunday) return true;
        }

        return false;
    }

    /// <summary>A day between two named holidays (Article 3, paragraph 3), as 22 September 2026.</summary>
    private static bool IsSandwiched(DateOnly day) => IsNamed(day.AddDays(-1)) && IsNamed(day.AddDays(1));

    private static bool IsMonday(DateOnly day, int dayOfMonth, int ordinal)
        => day.DayOfWeek == DayOfWeek.Monday && (dayOfMonth - 1) / 7 == ordinal - 1;

    // The usual approximation of what the National Astronomical Observatory computes; agrees with it for 1980 to 2099.
    private static int Equinox(int year, double offset)
        => (int)Math.Floor(offset + (0.242194 * (year - 1980)) - Math.Floor((year - 1980) / 4.0));
}
