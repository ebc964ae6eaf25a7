using System.Globalization;
using Kessan.Caching.Calendar;
using Kessan.Caching.HotKeys;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Timing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Calendar;

public sealed class HotPriceTests
{
    private const string Hot = "stock_price:7203:latest";

    // 5 January 2026 is a trading day. Out of trading hours, and without the setting, a hot price lives as long as any other.
    [Theory]
    [InlineData("2026-01-05T09:00:00", 15, "stock_price:7203:latest", 15)]
    [InlineData("2026-01-05T15:24:59", 15, "market_data:nikkei225", 15)]
    [InlineData("2026-01-05T15:24:59", 15, "financial_data:7203:annual:FY", 9306)]
    [InlineData("2026-01-05T12:29:00", 15, "stock_price:7203:latest", 60)]
    [InlineData("2026-01-05T15:25:00", 15, "stock_price:7203:latest", 305)]
    [InlineData("2026-01-05T10:00:00", null, "stock_price:7203:latest", 300)]
    public void Prices_ThatAreHot_LiveForSecondsWhileTheExchangeTrades(string now, int? seconds, string key, int expected)
    {
        var time = new FakeTimeProvider(Time(now));
        var (policy, tracker) = (Policy(time, seconds), new HotKeyTracker(new CacheClock(time)));
        for (var i = 0; i < 10; i++) tracker.Record(key, CacheKeys.DataTypeOf(key));

        Assert.Equal(TimeSpan.FromSeconds(expected), policy.ForKey(key, tracker)!.Fresh);
        Assert.Equal(policy.ForKey(key, null), policy.ForKey(key));
    }

    [Fact]
    public void AKey_WithFewLookUpsOrThatHasCooledDown_IsNotHot()
    {
        var time = new FakeTimeProvider(Time("2026-01-05T10:00:00"));
        var (policy, tracker) = (Policy(time, 15), new HotKeyTracker(new CacheClock(time)));

        tracker.Record(Hot, CacheDataType.StockPrice);
        var once = policy.ForKey(Hot, tracker)!.Fresh;
        for (var i = 0; i < 20; i++) tracker.Record(Hot, CacheDataType.StockPrice);
        var often = policy.ForKey(Hot, tracker)!.Fresh;
        time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal((300, 15), (once.TotalSeconds, often.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(300), policy.ForKey(Hot, tracker)!.Fresh);
    }

    [Fact]
    public void AHotPrice_ConfiguredToLiveShorterAnyway_KeepsThatAndItsJitter()
    {
        var time = new FakeTimeProvider(Time("2026-01-05T10:00:00"));
        var tracker = new HotKeyTracker(new CacheClock(time));
        for (var i = 0; i < 10; i++) tracker.Record(Hot, CacheDataType.StockPrice);
        var shorter = new CacheLifetimeOptions();
        (shorter.StockPrice.Fresh, shorter.StockPrice.Jitter) = (TimeSpan.FromSeconds(10), 0.2);
        var longer = new CacheLifetimeOptions();
        longer.StockPrice.Jitter = 0.2;

        var kept = Policy(time, 15, shorter).ForKey(Hot, tracker)!;
        var shortened = Policy(time, 15, longer).ForKey(Hot, tracker)!;

        Assert.Equal((10, 0.2), (kept.Fresh.TotalSeconds, kept.Jitter));
        Assert.Equal((15, 0.2), (shortened.Fresh.TotalSeconds, shortened.Jitter));
    }

    // A source that is asked again and again: at first every five minutes, and soon, because of all those look-ups, every 15 s.
    [Fact]
    public async Task APrice_LookedUpALot_IsAskedForOftenByTheCacheItself()
    {
        var time = new FakeTimeProvider(Time("2026-01-05T10:00:00"));
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time);
        services.AddKessanCaching();
        services.Configure<MarketCalendarOptions>(options => (options.Enabled, options.HotPriceFresh) = (true, TimeSpan.FromSeconds(15)));
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<KessanHybridCache>();
        var calls = new Dictionary<string, int> { [Hot] = 0, ["stock_price:6758:latest"] = 0 };

        for (var second = 0; second < 15 * 60; second++)
        {
            for (var i = 0; i < 50; i++) await LookUpAsync(Hot);
            await LookUpAsync("stock_price:6758:latest");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(calls[Hot], 41, 44); // ten minutes' worth of fifteen seconds
        Assert.Equal(3, calls["stock_price:6758:latest"]);

        async Task LookUpAsync(string key) => await cache.GetOrCreateAsync(
            key, _ => ValueTask.FromResult(++calls[key]), cancellationToken: CancellationToken.None);
    }

    private static CacheTtlPolicy Policy(FakeTimeProvider time, int? hotSeconds, CacheLifetimeOptions? lifetimes = null)
    {
        var options = new MarketCalendarOptions { HotPriceFresh = hotSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        return new CacheTtlPolicy(lifetimes, new MarketLifetimes(new TokyoMarketCalendar(), time, options));
    }

    private static DateTimeOffset Time(string tokyo) => DateTimeOffset.Parse(tokyo + "+09:00", CultureInfo.InvariantCulture);
}
