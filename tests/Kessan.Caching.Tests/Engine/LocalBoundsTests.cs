using Kessan.Caching.Keys;
using Kessan.Caching.Local;
using Kessan.Caching.Timing;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

public sealed class LocalBoundsTests
{
    [Fact]
    public async Task L1_IsBoundedByBytesWithinFivePercent()
    {
        const int Limit = 1_000_000;
        await using var fleet = new SimulatedFleet(1, options: options => options.L1MaximumBytes = Limit);

        for (var i = 0; i < 5_000; i++)
        {
            await fleet[0].Cache.SetAsync($"k{i}", new string('x', i % 2_000), cancellationToken: TestContext.Current.CancellationToken);
            Assert.True(fleet[0].Cache.GetStatistics().L1SizeBytes <= Limit * 1.05);
        }

        Assert.True(fleet[0].Cache.GetStatistics().L1SizeBytes >= Limit * 0.8, fleet[0].Cache.GetStatistics().L1SizeBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task L1_IsBoundedByEntries()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L1MaximumEntries = 100);

        for (var i = 0; i < 5_000; i++) await fleet[0].Cache.SetAsync($"k{i}", i, cancellationToken: TestContext.Current.CancellationToken);

        await Settle.UntilAsync(() => fleet[0].Cache.GetStatistics().L1Entries <= 105);
    }

    [Fact]
    public async Task L1_FilledByManyThreads_EndsWithinItsBounds_AndItsBooksAreRight()
    {
        const int Limit = 2_000_000;
        using var cache = new LocalCache(1_000, Limit, new CacheClock(TimeProvider.System));
        var locks = Enumerable.Range(0, 64).Select(_ => new Lock()).ToArray(); // as the engine's activities: one writer a key
        var most = 0L;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 50_000; i++)
            {
                var number = random.Next(3_000);
                var key = $"k{number}";
                lock (locks[number % locks.Length]) switch (random.Next(10))
                    {
                        case 0: cache.Remove(key); break;
                        case < 6: cache.Put(key, Entry(random.Next(200, 4_000))); break;
                        default:
                            if (cache.TryGet(key, out var entry)) cache.Use(key, entry, Environment.TickCount64);
                            break;
                    }

                InterlockedMax(ref most, cache.Bytes);
            }
        }, TestContext.Current.CancellationToken)));
        cache.RemoveExpired(0);

        // The policy may be in the middle of its books, on another thread, at the moment of a look.
        await Settle.UntilAsync(() => cache.Entries.Count() == cache.Count);
        await Settle.UntilAsync(() => cache.Entries.Sum(entry => (long)entry.Value.Size) == cache.Bytes);
        Assert.InRange(cache.Count, 0, 1_050);
        Assert.InRange(cache.Bytes, 0, (long)(Limit * 1.05));
        Assert.InRange(most, Limit / 2, Limit + Limit / 20 + 4 * 4_000);
    }

    [Fact]
    public void L1_AScanOfKeysReadOnce_DoesNotDriveOutWhatIsReadOften()
    {
        using var cache = new LocalCache(100, long.MaxValue, new CacheClock(TimeProvider.System));
        var hits = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var key = $"hot{i % 50}";
            if (cache.TryGet(key, out var hot))
            {
                cache.Use(key, hot, now: i);
                if (i >= 10_000) hits++;
            }
            else
            {
                cache.Put(key, Entry(200));
            }

            cache.Put($"cold{i}", Entry(200));
        }

        // An LRU of 100 places would have lost each hot key before its next turn (49 others and 50 of the scan come in between): none would
        // be a hit. How many are depends on how far the policy, which works on another thread, is behind a loop that does nothing else.
        Assert.InRange(hits, 5_000, 10_000);
    }

    [Fact]
    public async Task L1Hit_OfAnImmutableType_AllocatesNothing()
    {
        // By the system's clock: under a test's the policy hears of every read, and schedules its work on the thread pool, which allocates.
        await using var node = new SimulatedNode(null, TimeProvider.System);
        var cache = node.Hybrid;
        var quote = new Quote("7203", 1m);
        await cache.GetOrCreateAsync("stock_price:7203:latest", quote, static (q, _) => ValueTask.FromResult(q), tags: ["t"]);
        var ticker = "7203";
        for (var i = 0; i < 1000; i++) await ReadAsync();

        // Another thread's allocations are not counted; what the runtime itself allocates while it compiles is past after the warm-up.
        var least = long.MaxValue;
        for (var round = 0; round < 5 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                var read = ReadAsync();
                Assert.True(read.IsCompletedSuccessfully);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        ValueTask<Quote> ReadAsync() => cache.GetOrCreateAsync(
            $"stock_price:{ticker}:latest", quote, static (q, _) => ValueTask.FromResult(q));
    }

    private static LocalValue<int> Entry(int size) => new()
    {
        Value = 1,
        MadeAt = 0,
        RefreshFrom = long.MaxValue,
        FreshUntil = long.MaxValue,
        LifeEnd = long.MaxValue,
        StaleUntil = long.MaxValue,
        Version = 1,
        RefreshScale = 0,
        Tags = [],
        DataType = CacheDataType.Other,
        Size = size,
    };

    private static void InterlockedMax(ref long place, long value)
    {
        for (var seen = Interlocked.Read(ref place); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref place, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
