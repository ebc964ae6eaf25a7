using Kessan.Caching.Calendar;

namespace Kessan.Caching.Warming;

/// <summary>A registered warm-up source. Immutable.</summary>
/// <param name="Name">What it is called in logs and reports.</param>
/// <param name="Source">Puts entries into the cache and tells how many.</param>
/// <param name="AtStart">Whether it runs when the host starts.</param>
/// <param name="Times">The times of day at which it runs, Japan time.</param>
/// <param name="TradingDaysOnly">Whether the times count only on trading days.</param>
internal sealed record CacheWarmup(
    string Name, Func<IServiceProvider, CancellationToken, Task<int>> Source, bool AtStart, IReadOnlyList<TimeOnly> Times, bool TradingDaysOnly)
{
    // So far ahead there is a trading day in any calendar that makes sense.
    private const int MostDays = 40;

    /// <summary>The first instant after <paramref name="now"/> at which it is to run; <see langword="null"/>: never.</summary>
    public DateTimeOffset? Next(DateTimeOffset now, TokyoMarketCalendar calendar)
    {
        if (Times.Count == 0) return null;
        var (today, _) = TokyoMarketCalendar.InTokyo(now);
        for (var i = 0; i < MostDays; i++)
        {
            var day = today.AddDays(i);
            if (TradingDaysOnly && !calendar.IsTradingDay(day)) continue;
            foreach (var time in Times.Order())
            {
                if (TokyoMarketCalendar.At(day, time) is var instant && instant > now) return instant;
            }
        }

        return null;
    }
}
