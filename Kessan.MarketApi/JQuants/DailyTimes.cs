using Kessan.Caching.Calendar;

namespace Kessan.MarketApi.JQuants;

/// <summary>The times of day in Tokyo at which J-Quants renews a piece of data (its data update timetable), in their order. Immutable.</summary>
internal sealed class DailyTimes(params TimeOnly[] times)
{
    /// <summary>How long it is to the next renewal and a delay after it; always more than zero.</summary>
    public TimeSpan UntilNext(DateTimeOffset now, TimeSpan delay)
    {
        var (today, _) = TokyoMarketCalendar.InTokyo(now - delay);
        var next = times.Select(time => TokyoMarketCalendar.At(today, time)).Append(TokyoMarketCalendar.At(today.AddDays(1), times[0]));
        return next.First(time => time + delay > now) + delay - now;
    }
}
