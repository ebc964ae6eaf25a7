namespace Kessan.MarketApi.Exchange;

/// <summary>
/// The hours of the Tokyo Stock Exchange's cash market since 5 November 2024: 9:00 to 11:30, and 12:30 to the closing auction at
/// 15:30, before which nothing trades from 15:25.
/// </summary>
internal static class TradingSession
{
    /// <summary>The first trade of the day.</summary>
    public static readonly TimeOnly Open = new(9, 0);

    /// <summary>The closing auction, the last trade of the day.</summary>
    public static readonly TimeOnly Close = new(15, 30);

    private static readonly TimeOnly LunchBegins = new(11, 30);
    private static readonly TimeOnly LunchEnds = new(12, 30);
    private static readonly TimeOnly ContinuousEnds = new(15, 25);

    /// <summary>The minutes in which shares trade, the closing auction last.</summary>
    public static IReadOnlyList<TimeOnly> Minutes { get; } =
        [.. From(Open, LunchBegins), .. From(LunchEnds, ContinuousEnds), Close];

    /// <summary>How many of <see cref="Minutes"/> have begun at a time of day.</summary>
    public static int MinutesBegun(TimeOnly time)
    {
        if (time < Open)
            return 0;
        var begun = 0;
        while (begun < Minutes.Count && Minutes[begun] <= time)
            begun++;
        return begun;
    }

    private static IEnumerable<TimeOnly> From(TimeOnly first, TimeOnly end)
    {
        for (var minute = first; minute < end; minute = minute.AddMinutes(1))
            yield return minute;
    }
}
