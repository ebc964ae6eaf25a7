using Kessan.Caching.Calendar;

namespace Kessan.MarketApi.Exchange;

/// <summary>The minutes of a trading day in which shares trade.</summary>
internal static class TradingSession
{
    private static readonly DateOnly LongerFrom = new(2024, 11, 5);
    private static readonly TimeOnly FormerClose = new(15, 0);
    private static readonly DateOnly AnyTradingDay = new(2025, 6, 11);

    /// <summary>The first trade of the day.</summary>
    public static TimeOnly Open => Minutes[0];

    /// <summary>The closing auction, the last trade of the day.</summary>
    public static TimeOnly Close => Minutes[^1];

    /// <summary>When a day's closing auction was: at 15:00 until the exchange lengthened its day on 5 November 2024.</summary>
    public static DateTimeOffset CloseOf(DateOnly day) => TokyoMarketCalendar.At(day, day < LongerFrom ? FormerClose : Close);

    /// <summary>Both sessions minute by minute, and last the closing auction: nothing trades in the minutes before it.</summary>
    public static IReadOnlyList<TimeOnly> Minutes { get; } = [.. TradedMinutes()];

    /// <summary>How many of <see cref="Minutes"/> have begun at a time of day.</summary>
    public static int MinutesBegun(TimeOnly time) => Minutes.Count(minute => minute <= time);

    private static IEnumerable<TimeOnly> TradedMinutes()
    {
        var calendar = new TokyoMarketCalendar();
        var previous = MarketPhase.Closed;
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            var time = TimeOnly.MinValue.AddMinutes(minute);
            var phase = calendar.PhaseAt(TokyoMarketCalendar.At(AnyTradingDay, time));
            var isClosingAuction = phase == MarketPhase.Closed && previous == MarketPhase.PreClosing;
            if (phase is MarketPhase.Morning or MarketPhase.Afternoon || isClosingAuction)
                yield return time;
            previous = phase;
        }
    }
}
