using System.Globalization;
using System.Text;
using Kessan.Caching.Calendar;

namespace Kessan.Caching.Tests.Calendar;

public sealed class TokyoMarketCalendarTests
{
    // Independent of the rules: the weekday closures, each date written out; 2025 agrees with the holiday-trading table of JPX.
    private static readonly Dictionary<int, string> WeekdayClosures = new()
    {
        [2025] = "01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-24 12-31",
        [2026] = "01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23 12-31",
        [2027] = "01-01 01-11 02-11 02-23 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23 12-31",
    };

    private readonly TokyoMarketCalendar _calendar = new();

    [Theory]
    [InlineData(2025, 243)]
    [InlineData(2026, 242)]
    [InlineData(2027, 244)]
    public void IsTradingDay_EveryDayOfAYear_AgreesWithTheTable(int year, int tradingDays)
    {
        var closed = WeekdayClosures[year].Split(' ').Select(day => $"{year}-{day}").ToHashSet();
        var days = Enumerable.Range(0, 366).Select(offset => new DateOnly(year, 1, 1).AddDays(offset)).Where(day => day.Year == year).ToList();

        Assert.All(days, day => Assert.Equal(
            day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !closed.Contains(Name(day)),
            _calendar.IsTradingDay(day)));
        Assert.Equal(tradingDays, days.Count(_calendar.IsTradingDay));
    }

    [Fact]
    public void PhaseAt_EveryMinuteOf2025To2027_AgreesWithTheTable()
    {
        var closed = WeekdayClosures.SelectMany(year => year.Value.Split(' ').Select(day => $"{year.Key}-{day}")).ToHashSet();
        var minutes = 0;

        // 31 December 2024, 15:00 UTC is midnight in Tokyo.
        for (var utc = new DateTime(2024, 12, 31, 15, 0, 0, DateTimeKind.Utc); utc.Year < 2028; utc = utc.AddDays(1))
        {
            var date = utc.AddHours(9);
            if (date.Year > 2027) break;
            var trades = (int)date.DayOfWeek is >= 1 and <= 5 && !closed.Contains(Name(DateOnly.FromDateTime(date)));
            for (var minute = 0; minute < 1440; minute++, minutes++)
            {
                var expected = !trades ? MarketPhase.Closed : Table(minute);
                if (expected != _calendar.PhaseAt(new DateTimeOffset(utc).AddMinutes(minute))) Assert.Fail($"{date:yyyy-MM-dd} minute {minute}: not {expected}");
            }
        }

        Assert.Equal((365 * 3) * 1440, minutes);
    }

    [Theory]
    [InlineData("08:59:59.9999999", MarketPhase.Closed)]
    [InlineData("09:00:00", MarketPhase.Morning)]
    [InlineData("11:29:59.9999999", MarketPhase.Morning)]
    [InlineData("11:30:00", MarketPhase.Lunch)]
    [InlineData("12:30:00", MarketPhase.Afternoon)]
    [InlineData("15:24:59.9999999", MarketPhase.Afternoon)]
    [InlineData("15:25:00", MarketPhase.PreClosing)]
    [InlineData("15:30:00", MarketPhase.Closed)]
    public void PhaseAt_TheEdges_BeginWithTheirFirstInstant(string time, MarketPhase expected)
    {
        var instant = TokyoMarketCalendar.At(new DateOnly(2026, 1, 5), TimeOnly.Parse(time, CultureInfo.InvariantCulture));

        Assert.Equal(expected, _calendar.PhaseAt(instant));
        Assert.Equal(expected, _calendar.PhaseAt(instant.ToUniversalTime()));
    }

    [Theory]
    [InlineData("2025-12-30", "2026-01-05")]
    [InlineData("2026-01-05", "2026-01-06")]
    [InlineData("2026-09-18", "2026-09-24")]
    [InlineData("2027-04-28", "2027-04-30")]
    public void NextTradingDay_OverHolidays_SkipsThem(string day, string next)
    {
        Assert.Equal(Date(next), _calendar.NextTradingDay(Date(day)));
    }

    [Fact]
    public void IsTradingDay_AFileSaysOtherwise_TheFileCounts()
    {
        var exceptions = MarketCalendarFile.Parse("""
            { "data": [ { "Date": "2027-02-12", "HolDiv": "0" }, { "Date": "20270213", "HolDiv": 1 }, { "Date": "2027-02-15", "HolDiv": "3" } ] }
            """u8.ToArray());
        var calendar = new TokyoMarketCalendar(exceptions);

        Assert.False(calendar.IsTradingDay(Date("2027-02-12")));
        Assert.True(calendar.IsTradingDay(Date("2027-02-13")));
        Assert.False(calendar.IsTradingDay(Date("2027-02-15")));
        Assert.True(calendar.IsTradingDay(Date("2027-02-16")));
    }

    [Theory]
    [InlineData("[]", "no array")]
    [InlineData("{\"data\":[{\"Date\":\"soon\",\"HolDiv\":\"0\"}]}", "data[0].Date")]
    [InlineData("{\"data\":[{\"Date\":\"2027-01-04\",\"HolDiv\":\"9\"}]}", "data[0].HolDiv")]
    [InlineData("{\"data\":[7]}", "data[0].Date")]
    [InlineData("{", "not JSON")]
    public void Parse_AWrongFile_SaysWhere(string json, string says)
    {
        var exception = Assert.Throws<FormatException>(() => MarketCalendarFile.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    private static string Name(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Minutes since midnight, as the exchange's notice on arrowhead 4.0 states the hours.
    private static MarketPhase Table(int minute) => minute switch
    {
        >= 540 and <= 689 => MarketPhase.Morning,
        >= 690 and <= 749 => MarketPhase.Lunch,
        >= 750 and <= 924 => MarketPhase.Afternoon,
        >= 925 and <= 929 => MarketPhase.PreClosing,
        _ => MarketPhase.Closed,
    };
}
