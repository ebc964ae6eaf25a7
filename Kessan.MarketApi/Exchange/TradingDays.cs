using Kessan.Caching.Calendar;

namespace Kessan.MarketApi.Exchange;

/// <summary>Walks over the trading days of a calendar.</summary>
internal static class TradingDays
{
    /// <summary>The latest trading day that is not after <paramref name="day"/>.</summary>
    public static DateOnly TradingDayOnOrBefore(this TokyoMarketCalendar calendar, DateOnly day)
    {
        while (!calendar.IsTradingDay(day))
            day = day.AddDays(-1);
        return day;
    }
}
