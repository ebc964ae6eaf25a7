using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

/// <summary>How long entries live, nulls included, and how long a source may take.</summary>
[Collection(RunsAlone.Name)]
public sealed class LifetimeTests
{
    private static readonly CacheEntryOptions TenSeconds = new() { Expiration = TimeSpan.FromSeconds(10) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task L1_OfAnEntryReadFromL2_EndsWithTheEntryAndNotLater()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.SetAsync("k", 1, TenSeconds, cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(9));
        var read = await fleet[1].Cache.TryGetAsync<int>("k", Stop);
        Assert.Equal((1, CacheLayer.L2, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1)), (read.Value, read.Layer, read.Age, read.TimeLeft));

        fleet.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.True((await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Found);
        fleet.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Fact]
    public async Task ASecondCacheInFront_LengthensNothing()
    {
        await using var fleet = new SimulatedFleet(1);
        var chain = new ServiceChain("consumer", [fleet[0].Services.GetService(typeof(CacheEntries)) as CacheEntries ?? throw new InvalidOperationException()], fleet.Time);
        await using var consumer = new SimulatedNode(new SimulatedStore(chain), fleet.Time);
        await fleet[0].Cache.SetAsync("k", 1, TenSeconds, cancellationToken: Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(4));
        await fleet[0].Cache.TryGetAsync<int>("k", Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(4));

        var read = await consumer.Cache.TryGetAsync<int>("k", Stop);
        Assert.Equal((1, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(2)), (read.Value, read.Age, read.TimeLeft));

        fleet.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await consumer.Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Fact]
    public async Task Null_IsCachedOnlyIfAsked_ForItsOwnLifetime()
    {
        await using var fleet = new SimulatedFleet(2);
        var calls = 0;
        ValueTask<string?> Nothing(CacheFillContext context, CancellationToken token)
        {
            calls++;
            return ValueTask.FromResult<string?>(null);
        }

        for (var i = 0; i < 3; i++) await fleet[0].Cache.GetOrCreateLookupAsync("no", Nothing, cancellationToken: Stop);
        Assert.Equal(3, calls);

        calls = 0;
        var negative = new CacheEntryOptions { Expiration = TimeSpan.FromMinutes(5), NegativeExpiration = TimeSpan.FromSeconds(3) };
        for (var i = 0; i < 4; i++) Assert.Null((await fleet[i % 2].Cache.GetOrCreateLookupAsync("yes", Nothing, negative, cancellationToken: Stop)).Value);
        Assert.Equal(1, calls);
        fleet.Time.Advance(TimeSpan.FromSeconds(3));
        await fleet[0].Cache.GetOrCreateLookupAsync("yes", Nothing, negative, cancellationToken: Stop);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task FillDeadline_Passed_IsATimeout_AndTheNextNodeMayTryAtOnce()
    {
        await using var fleet = new SimulatedFleet(2);
        var options = new CacheEntryOptions { FillDeadline = TimeSpan.FromSeconds(4) };
        var cancelled = false;
        var never = fleet[0].Cache.GetOrCreateLookupAsync("k", async (_, token) =>
        {
            token.Register(() => cancelled = true);
            return await new TaskCompletionSource<int>().Task;
        }, options, cancellationToken: Stop).AsTask();
        await Settle.AllAsync();
        var other = fleet[1].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), cancellationToken: Stop).AsTask();
        await fleet.PassAsync(TimeSpan.FromSeconds(3.9));
        Assert.False(never.IsCompleted || other.IsCompleted);

        await fleet.PassAsync(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAsync<TimeoutException>(() => never);
        Assert.True(cancelled);
        Assert.Equal(2, await other);
    }

    [Fact]
    public async Task FillContext_SaysZero_TheValueIsGivenAndNotCached()
    {
        await using var fleet = new SimulatedFleet(1);
        for (var i = 0; i < 2; i++)
        {
            var lookup = await fleet[0].Cache.GetOrCreateLookupAsync("k", (context, _) =>
            {
                Assert.Equal(("k", TimeSpan.FromSeconds(10)), (context.Key, context.Expiration));
                context.Expiration = TimeSpan.Zero;
                return ValueTask.FromResult(7);
            }, TenSeconds, cancellationToken: Stop);
            Assert.Equal((7, CacheLayer.Source), (lookup.Value, lookup.Layer));
        }

        Assert.False((await fleet[0].Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Fact]
    public async Task Limits_AreSaid_WithTheLimitAndWithoutTheValue()
    {
        await using var fleet = new SimulatedFleet(1);
        var cache = fleet[0].Cache;
        var tooMany = Enumerable.Range(0, 255).Select(i => $"tag-{i}").ToArray();

        var key = await Assert.ThrowsAsync<ArgumentException>(() => cache.SetAsync(new string('k', 1025), 1, cancellationToken: Stop).AsTask());
        var tags = await Assert.ThrowsAsync<ArgumentException>(() => cache.SetAsync("k", 1, tags: tooMany, cancellationToken: Stop).AsTask());
        var life = await Assert.ThrowsAsync<ArgumentException>(() => cache.SetAsync("k", 1, new CacheEntryOptions { Expiration = TimeSpan.Zero }, cancellationToken: Stop).AsTask());
        var size = await Assert.ThrowsAsync<ArgumentException>(() => cache.SetAsync("k", new string('x', 2_000_000), cancellationToken: Stop).AsTask());

        Assert.Contains("1024", key.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kkk", key.Message, StringComparison.Ordinal);
        Assert.Contains("254", tags.Message, StringComparison.Ordinal);
        Assert.Contains("00:00:00", life.Message, StringComparison.Ordinal);
        Assert.Contains("1048576", size.Message, StringComparison.Ordinal);
    }
}
