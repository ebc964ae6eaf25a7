using Kessan.Caching.Calendar;
using Kessan.Caching.Lifetimes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Calendar;

/// <summary>One symbol, polled every minute of 2026: how often the source is asked, and how old the answers are.</summary>
public sealed class ReplayedYearTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void Calendar_AgainstTheFixedLifetime_AsksTheSourceFarLessAndIsNoOlderInAnOpenMarket()
    {
        var calendar = new TokyoMarketCalendar();

        var (fixedCalls, fixedAge) = Replay(calendar, _ => new CacheTtlPolicy());
        var (calls, age) = Replay(calendar, time => new CacheTtlPolicy(market: new MarketLifetimes(calendar, time)));
        output.WriteLine($"fixed: {fixedCalls} calls; calendar: {calls} calls, {1 - ((double)calls / fixedCalls):P1} fewer; oldest answer in an open market {fixedAge} and {age}");

        Assert.Equal(105_120, fixedCalls);
        Assert.True(calls <= fixedCalls / 5, $"{calls} calls");
        Assert.True(age <= fixedAge, $"{age} is older than {fixedAge}");
    }

    [Fact]
    public async Task Calendar_ThroughTheCacheItself_IsTheSame()
    {
        var calendar = new TokyoMarketCalendar();
        var time = new FakeTimeProvider(Start);
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time);
        services.AddKessanCaching();
        services.Configure<MarketCalendarOptions>(options => options.Enabled = true);
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<CacheService>();

        var (calls, oldest) = (0, TimeSpan.Zero);
        for (; time.GetUtcNow() < Start.AddYears(1); time.Advance(TimeSpan.FromMinutes(1)))
        {
            var made = await cache.GetOrSetAsync(
                "stock_price:7203:latest",
                _ =>
                {
                    calls++;
                    return ValueTask.FromResult(time.GetUtcNow());
                },
                cancellationToken: CancellationToken.None);
            var now = time.GetUtcNow();
            if (calendar.PhaseAt(now) is MarketPhase.Morning or MarketPhase.Afternoon && now - made > oldest) oldest = now - made;
        }

        var expected = Replay(calendar, time => new CacheTtlPolicy(market: new MarketLifetimes(calendar, time)));
        Assert.Equal(expected, (calls, oldest));
    }

    /// <returns>The number of calls, and the greatest age of an answer given while trades were made.</returns>
    private static (int Calls, TimeSpan OldestWhileOpen) Replay(TokyoMarketCalendar calendar, Func<TimeProvider, CacheTtlPolicy> policyOf)
    {
        var time = new FakeTimeProvider(Start);
        var policy = policyOf(time);
        var (calls, oldest, made, end) = (0, TimeSpan.Zero, Start, Start);
        for (; time.GetUtcNow() < Start.AddYears(1); time.Advance(TimeSpan.FromMinutes(1)))
        {
            var now = time.GetUtcNow();
            if (now >= end) (calls, made, end) = (calls + 1, now, now + policy.ForKey("stock_price:7203:latest")!.Fresh);
            if (calendar.PhaseAt(now) is MarketPhase.Morning or MarketPhase.Afternoon && now - made > oldest) oldest = now - made;
        }

        return (calls, oldest);
    }
}
