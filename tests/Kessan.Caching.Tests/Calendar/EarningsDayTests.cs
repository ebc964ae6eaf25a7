using System.Globalization;
using Kessan.Caching.Calendar;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Calendar;

public sealed class EarningsDayTests
{
    // 7203 publishes results on Tuesday 13 January 2026, the first trading day after a holiday weekend; 6758 does not.
    [Theory]
    [InlineData("2026-01-09T18:00:00", "2026-01-09T18:00:05")]
    [InlineData("2026-01-10T00:30:05", "2026-01-13T15:00:00")]
    [InlineData("2026-01-13T10:00:00", "2026-01-13T15:00:00")]
    [InlineData("2026-01-13T15:00:00", "2026-01-13T15:05:00")]
    [InlineData("2026-01-13T17:58:00", "2026-01-13T18:00:05")]
    [InlineData("2026-01-13T18:00:05", "2026-01-13T18:05:05")]
    [InlineData("2026-01-13T23:59:59", "2026-01-14T00:04:59")]
    [InlineData("2026-01-14T00:00:00", "2026-01-14T00:30:05")]
    [InlineData("2026-01-14T00:30:05", "2026-01-14T18:00:05")]
    public void Financials_OfACompanyWithResults_AreAskedForOftenFromThreeOClock(string now, string end)
    {
        var policy = Policy(Time(now));

        Assert.Equal(Time(end) - Time(now), policy.ForKey("financial_data:7203:quarterly:Q3")!.Fresh);
        Assert.Equal(new CacheTtlPolicy(market: Market(Time(now), null)).ForKey("financial_data:6758:quarterly:Q3"), policy.ForKey("financial_data:6758:quarterly:Q3"));
        Assert.Equal(policy.ForKey("financial_data:6758:quarterly:Q3"), policy.For(CacheDataType.FinancialData));
    }

    [Fact]
    public void Financials_AnyMinuteOfAYearOfResults_NeverLiveIntoTheResultsUnasked()
    {
        var calendar = new TokyoMarketCalendar();
        var time = new FakeTimeProvider(Time("2026-01-01T00:00:00"));
        var policy = new CacheTtlPolicy(market: new MarketLifetimes(calendar, time, earnings: new Earnings(static day => day.Day % 7 == 0)));

        for (; time.GetUtcNow() < Time("2027-01-01T00:00:00"); time.Advance(TimeSpan.FromMinutes(1)))
        {
            var now = time.GetUtcNow();
            var (day, clock) = TokyoMarketCalendar.InTokyo(now);
            var fresh = policy.ForKey("financial_data:7203:quarterly:Q3")!.Fresh;
            var plain = policy.ForKey("financial_data:6758:quarterly:Q3")!.Fresh;
            var results = day.Day % 7 == 0 && calendar.IsTradingDay(day);
            if (fresh <= TimeSpan.Zero || fresh > plain) Assert.Fail($"{now}: {fresh}");
            if (results && clock.Hour >= 15 ? fresh > TimeSpan.FromSeconds(300) : results && now + fresh > TokyoMarketCalendar.At(day, new TimeOnly(15, 0))) Assert.Fail($"{now}: {fresh}");
        }
    }

    [Fact]
    public async Task AnEarningsCalendar_ThatIsRegistered_IsAskedByTheCache()
    {
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Time("2026-01-13T15:10:00")))
            .AddSingleton<IEarningsCalendar>(new Earnings());
        services.AddKessanCaching();
        services.Configure<MarketCalendarOptions>(options => options.Enabled = true);
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<KessanHybridCache>();

        async Task<TimeSpan> TimeLeftAsync(string key) => (await cache.GetOrCreateLookupAsync(
            key, static (_, _) => ValueTask.FromResult("made"), new() { DataType = CacheDataType.FinancialData }, cancellationToken: TestContext.Current.CancellationToken)).TimeLeft;

        Assert.Equal(TimeSpan.FromSeconds(300), await TimeLeftAsync("financial_data:7203:annual:FY"));
        Assert.Equal(new TimeSpan(2, 50, 5), await TimeLeftAsync("financial_data:6758:annual:FY"));
    }

    private static CacheTtlPolicy Policy(DateTimeOffset now) => new(market: Market(now, new Earnings()));

    private static MarketLifetimes Market(DateTimeOffset now, IEarningsCalendar? earnings) => new(new TokyoMarketCalendar(), new FakeTimeProvider(now), earnings: earnings);

    private static DateTimeOffset Time(string tokyo) => DateTimeOffset.Parse(tokyo + "+09:00", CultureInfo.InvariantCulture);

    private sealed class Earnings(Func<DateOnly, bool>? days = null) : IEarningsCalendar
    {
        private static readonly DateOnly Tuesday = new(2026, 1, 13);

        public bool Announces(string ticker, DateOnly day) => ticker == "7203" && (days?.Invoke(day) ?? day == Tuesday);
    }
}
