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
    public async Task L1Hit_OfAnImmutableType_AllocatesNothing()
    {
        await using var fleet = new SimulatedFleet(1);
        var cache = fleet[0].Hybrid;
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
}
