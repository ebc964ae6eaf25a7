using System.Globalization;
using Kessan.Caching.Calendar;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Calendar;

public sealed class MarketLifetimesTests
{
    // Monday 5 January 2026 is the first trading day of the year; Friday the 9th is followed by a holiday weekend to Tuesday the 13th.
    [Theory]
    [InlineData("2026-01-05T03:00:00", "2026-01-05T09:00:00")]
    [InlineData("2026-01-05T11:30:00", "2026-01-05T11:30:05")]
    [InlineData("2026-01-05T11:30:05", "2026-01-05T12:30:00")]
    [InlineData("2026-01-05T12:29:59", "2026-01-05T12:30:00")]
    [InlineData("2026-01-05T15:25:00", "2026-01-05T15:30:05")]
    [InlineData("2026-01-05T15:30:04", "2026-01-05T15:30:05")]
    [InlineData("2026-01-05T15:30:05", "2026-01-05T16:30:05")]
    [InlineData("2026-01-05T16:30:00", "2026-01-05T16:30:05")]
    [InlineData("2026-01-09T16:30:04", "2026-01-09T16:30:05")]
    [InlineData("2026-01-05T16:30:05", "2026-01-06T09:00:00")]
    [InlineData("2026-01-09T18:00:00", "2026-01-13T09:00:00")]
    [InlineData("2026-01-10T10:00:00", "2026-01-13T09:00:00")]
    [InlineData("2026-01-13T08:59:00", "2026-01-13T09:00:00")]
    [InlineData("2026-12-30T20:00:00", "2027-01-04T09:00:00")]
    public void Prices_WhileTheyCannotChange_LiveUntilTheyCan(string now, string end)
    {
        Assert.Equal(Time(end) - Time(now), Policy(now).For(CacheDataType.StockPrice).Fresh);
        Assert.Equal(Time(end) - Time(now), Policy(now).ForKey("market_data:nikkei225")!.Fresh);
    }

    [Theory]
    [InlineData("2026-01-05T09:00:00")]
    [InlineData("2026-01-05T11:29:59")]
    [InlineData("2026-01-05T12:30:00")]
    [InlineData("2026-01-05T15:24:59")]
    public void Prices_WhileTheyChange_HaveTheConfiguredLifetime(string now)
    {
        Assert.Equal(TimeSpan.FromSeconds(300), Policy(now).For(CacheDataType.StockPrice).Fresh);
    }

    [Theory]
    [InlineData("2026-01-06T00:00:00", "2026-01-06T00:30:05")]
    [InlineData("2026-01-06T00:30:04", "2026-01-06T00:30:05")]
    [InlineData("2026-01-06T00:30:05", "2026-01-06T18:00:05")]
    [InlineData("2026-01-06T18:00:00", "2026-01-06T18:00:05")]
    [InlineData("2026-01-06T18:00:05", "2026-01-07T00:30:05")]
    [InlineData("2026-01-09T20:00:00", "2026-01-10T00:30:05")]
    [InlineData("2026-01-10T00:30:05", "2026-01-13T18:00:05")]
    [InlineData("2026-01-12T12:00:00", "2026-01-13T18:00:05")]
    public void Financials_AnyTime_LiveUntilTheNextPublication(string now, string end)
    {
        Assert.Equal(Time(end) - Time(now), Policy(now).For(CacheDataType.FinancialData).Fresh);
    }

    [Theory]
    [InlineData("2026-01-05T09:10:00", 3600)]
    [InlineData("2026-01-05T11:00:00", 25 * 60)]
    [InlineData("2026-01-05T11:25:00", 300)]
    [InlineData("2026-01-05T11:44:59", 300)]
    [InlineData("2026-01-05T11:45:00", 3600)]
    [InlineData("2026-01-05T15:00:00", 30 * 60)]
    [InlineData("2026-01-05T16:29:59", 300)]
    [InlineData("2026-01-05T16:30:00", 3600)]
    [InlineData("2026-01-05T20:00:00", 21_600)]
    [InlineData("2026-01-06T02:00:00", 5 * 3600)]
    [InlineData("2026-01-06T06:59:00", 3600)]
    [InlineData("2026-01-10T11:30:00", 3600)]
    [InlineData("2026-01-10T22:00:00", 21_600)]
    public void News_AnyTime_FollowsTheRushes(string now, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Policy(now).For(CacheDataType.NewsData).Fresh);
    }

    [Theory]
    [InlineData(CacheDataType.AiAnalysis)]
    [InlineData(CacheDataType.UserSession)]
    [InlineData(CacheDataType.ApiQuota)]
    [InlineData(CacheDataType.StockSearch)]
    [InlineData(CacheDataType.Other)]
    public void OtherTypes_AtNight_KeepTheirLifetime(CacheDataType type)
    {
        Assert.Equal(new CacheTtlPolicy().For(type), Policy("2026-01-05T03:00:00").For(type));
    }

    [Fact]
    public void Prices_OfficialOnesJustBeforeMidnight_EndTheDay()
    {
        var options = new MarketCalendarOptions { OfficialPricesAt = new TimeOnly(23, 59), SettleDelay = TimeSpan.FromMinutes(5) };
        var time = new FakeTimeProvider(Time("2026-01-05T20:00:00"));

        var fresh = new CacheTtlPolicy(market: new MarketLifetimes(new TokyoMarketCalendar(), time, options)).For(CacheDataType.StockPrice).Fresh;

        Assert.InRange(fresh, TimeSpan.FromHours(3.99), TimeSpan.FromHours(4));
    }

    [Fact]
    public void Jitter_WhileTheMarketIsClosed_IsNone()
    {
        var options = new CacheLifetimeOptions();
        options.StockPrice.Jitter = 0.3;

        Assert.Equal(0, Policy("2026-01-05T12:00:00", options).For(CacheDataType.StockPrice).Jitter);
        Assert.Equal(0.3, Policy("2026-01-05T10:00:00", options).For(CacheDataType.StockPrice).Jitter);
    }

    [Fact]
    public void AnyMinute_OfThreeYears_IsALifetimeThatEndsAtTheRightMoment()
    {
        var calendar = new TokyoMarketCalendar();
        var time = new FakeTimeProvider(Time("2025-01-01T00:00:00"));
        var policy = new CacheTtlPolicy(market: new MarketLifetimes(calendar, time));

        for (; time.GetUtcNow() < Time("2028-01-01T00:00:00"); time.Advance(TimeSpan.FromMinutes(1)))
        {
            var now = time.GetUtcNow();
            var fresh = policy.For(CacheDataType.StockPrice).Fresh;
            var open = calendar.PhaseAt(now) is MarketPhase.Morning or MarketPhase.Afternoon;
            if (open ? fresh != TimeSpan.FromSeconds(300) : fresh <= TimeSpan.Zero || fresh > TimeSpan.FromDays(7)) Assert.Fail($"{now}: {fresh}");

            // What is made while nothing is traded never lives into a session.
            if (!open && calendar.PhaseAt(now + fresh - TimeSpan.FromTicks(1)) is MarketPhase.Morning or MarketPhase.Afternoon) Assert.Fail($"{now}: {fresh}");
        }
    }

    private static CacheTtlPolicy Policy(string now, CacheLifetimeOptions? options = null)
        => new(options, new MarketLifetimes(new TokyoMarketCalendar(), new FakeTimeProvider(Time(now))));

    private static DateTimeOffset Time(string tokyo) => DateTimeOffset.Parse(tokyo + "+09:00", CultureInfo.InvariantCulture);
}
