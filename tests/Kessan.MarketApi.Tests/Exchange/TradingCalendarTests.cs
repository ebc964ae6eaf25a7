using System.Globalization;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Tests.Exchange;

public class TradingCalendarTests
{
    [Theory]
    [InlineData(2025, 243, "01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-24 12-31")]
    [InlineData(2026, 242,
        "01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23 12-31")]
    [InlineData(2027, 244, "01-01 01-11 02-11 02-23 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23 12-31")]
    public void Days_Year_LeavesOutTheClosedWeekdays(int year, int tradingDays, string closedWeekdays)
    {
        var first = new DateOnly(year, 1, 1);
        var last = new DateOnly(year, 12, 31);

        var open = TradingCalendar.Days(first, last).ToHashSet();

        var closed = Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays)
            .Where(day => !open.Contains(day) && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .Select(day => day.ToString("MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(closedWeekdays, string.Join(' ', closed));
        Assert.Equal(tradingDays, open.Count);
    }
}
