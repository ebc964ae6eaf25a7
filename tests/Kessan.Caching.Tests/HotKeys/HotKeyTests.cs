using Kessan.Caching.HotKeys;
using Kessan.Caching.Keys;
using Kessan.Caching.Tests.Engine;
using Kessan.Caching.Timing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.HotKeys;

public sealed class HotKeyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task LookUps_OfSomeKeysAmongThousands_AreFoundInTheirOrder()
    {
        await using var provider = Provider();
        var cache = provider.GetRequiredService<CacheService>();
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            // 40, 20 and 10 % of the look-ups; the rest is spread over 5,000 keys.
            var key = random.NextDouble() switch { < 0.4 => "stock_price:7203", < 0.6 => "stock_price:6758", < 0.7 => "market_data:topix", _ => $"news_data:{random.Next(5000)}" };
            await cache.Hybrid.GetOrCreateAsync(key, static _ => ValueTask.FromResult(1), cancellationToken: TestContext.Current.CancellationToken);
            if (i % 2000 == 0) _time.Advance(TimeSpan.FromMilliseconds(600));
        }

        var hot = cache.GetHotKeys(4);

        Assert.Equal(["stock_price:7203", "stock_price:6758", "market_data:topix"], hot.Take(3).Select(key => key.Key));
        Assert.Equal([CacheDataType.StockPrice, CacheDataType.StockPrice, CacheDataType.MarketData], hot.Take(3).Select(key => key.DataType));

        // 200,000 look-ups in a minute, halving every minute: 40 % of 3,333 a second, of which about half a minute's half-life has gone by.
        Assert.InRange(hot[0].RequestsPerSecond, 300, 1400);
        Assert.InRange(hot[0].RequestsPerSecond / hot[1].RequestsPerSecond, 1.6, 2.5);
        Assert.True(hot[3].RequestsPerSecond < hot[2].RequestsPerSecond / 5);
    }

    [Fact]
    public void Samples_OfAListPolledInOrder_FavourNobody()
    {
        foreach (var length in (int[])[2, 4, 64, 100, 128, 500])
        {
            var perKey = new int[length];
            for (long number = 0; number < 64L * 1000 * length; number++)
            {
                if (HotKeyTracker.IsSample(number)) perKey[number % length]++;
            }

            Assert.InRange(perKey.Min(), 700, 1000);
            Assert.InRange(perKey.Max(), 1000, 1300);
        }
    }

    [Fact]
    public void AKey_NoLongerAskedFor_CoolsDown()
    {
        var tracker = new HotKeyTracker(new CacheClock(_time));
        for (var i = 0; i < 1000; i++) tracker.Record("stock_price:7203", CacheDataType.StockPrice);
        var before = Assert.Single(tracker.Top(5)).RequestsPerSecond;

        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(before / 1024, Assert.Single(tracker.Top(5)).RequestsPerSecond, before / 1e6);
        _time.Advance(TimeSpan.FromDays(3650));
        tracker.Record("stock_price:6758", CacheDataType.StockPrice);
        Assert.Equal("stock_price:6758", tracker.Top(1)[0].Key);
    }

    [Fact]
    public void ATable_OfMoreKeysThanItHolds_KeepsTheHotOnes()
    {
        var tracker = new HotKeyTracker(new CacheClock(_time));
        for (var i = 0; i < 20_000; i++) tracker.Record(i % 10 == 0 ? "stock_price:7203" : $"news_data:{i}", CacheDataType.NewsData);

        var top = tracker.Top(1000);

        Assert.Equal(HotKeyTracker.Capacity, top.Count);
        Assert.Equal("stock_price:7203", top[0].Key);
        Assert.All(top.Skip(1), key => Assert.True(key.RequestsPerSecond < top[0].RequestsPerSecond / 100));
    }

    [Fact]
    public void SessionsAndQuotas_AreLeftOut()
    {
        var tracker = new HotKeyTracker(new CacheClock(_time));

        tracker.Record("user_session:user123", CacheDataType.UserSession);
        tracker.Record("api_quota:user123:daily", CacheDataType.ApiQuota);

        Assert.Empty(tracker.Top(5));
    }

    [Fact]
    public async Task Hits_OfHotKeys_StillAllocateNothing()
    {
        await using var provider = Provider(TimeProvider.System);
        var cache = provider.GetRequiredService<KessanHybridCache>();
        await cache.SetAsync("stock_price:7203", new Quote("7203", 1), cancellationToken: TestContext.Current.CancellationToken);
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
            {
                var hit = cache.GetOrCreateAsync("stock_price:7203", 0, static (_, _) => ValueTask.FromResult(new Quote("", 0)), cancellationToken: CancellationToken.None);
                if (!hit.IsCompletedSuccessfully) return -1;
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // What the runtime makes while it compiles the loop ends with the first rounds.
        long[] rounds = [.. Enumerable.Range(0, 5).Select(_ => Allocated())];

        Assert.Equal("stock_price:7203", Assert.Single(provider.GetRequiredService<CacheService>().GetHotKeys(5)).Key); // samples were taken
        Assert.Equal(0, rounds.Min());
    }

    private ServiceProvider Provider(TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddSingleton(time ?? _time);
        services.AddKessanCaching();
        return services.BuildServiceProvider();
    }
}
