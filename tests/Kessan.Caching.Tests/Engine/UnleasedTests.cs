using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

/// <summary>Fills without a lease: for seconds a hit whatever the store does, and gone as soon as a change is heard of.</summary>
[Collection(RunsAlone.Name)]
public sealed class UnleasedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("away")]
    [InlineData("no leases")]
    [InlineData("slow")]
    public async Task StoreNeverThere_BreakerClosed_TheSourceIsAskedEveryFiveSecondsAndNotAtEveryRequest(string how)
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L2FailuresUntilOpen = 1000);
        Break(fleet[0].Store, how);
        await fleet.PassAsync(TimeSpan.FromSeconds(3)); // whatever trust there was is over
        var calls = 0;
        await ReadAsync();

        for (var i = 0; i < 100; i++) await ReadAsync();
        Assert.Equal(1, calls);
        await fleet.PassAsync(TimeSpan.FromSeconds(4.5));
        var last = await ReadAsync();
        Assert.Equal((1, 1, true), (calls, last.Value, last.IsUnverified));

        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await ReadAsync()).Value);

        async Task<CacheLookup<int>> ReadAsync()
        {
            var read = fleet[0].Cache.GetOrCreateLookupAsync("k", (_, _) => ValueTask.FromResult(++calls), cancellationToken: Stop).AsTask();
            await fleet.UntilAsync(() => read.IsCompleted);
            return await read;
        }
    }

    [Fact]
    public async Task StoreNeverThere_BatchesDoNotAskAtEveryRequestEither()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L2FailuresUntilOpen = 1000);
        Break(fleet[0].Store, "away");
        await fleet.PassAsync(TimeSpan.FromSeconds(3));
        var calls = 0;

        for (var i = 0; i < 10; i++)
        {
            var found = await fleet[0].Cache.GetOrCreateManyAsync<int>(["a", "b"], (keys, _) =>
            {
                calls++;
                return ValueTask.FromResult<IReadOnlyDictionary<string, int>>(keys.ToDictionary(key => key, _ => 1));
            }, cancellationToken: Stop);
            Assert.All(found.Values, lookup => Assert.Equal(1, lookup.Value));
        }

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task EarlyRefreshAtTheSource_StoreGoesAway_WhoComesAfterTheEndWaitsForIt()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.RefreshBeta = 10);
        var (calls, gate) = (0, new TaskCompletionSource());
        async ValueTask<int> GatedAsync(CancellationToken token)
        {
            var call = Interlocked.Increment(ref calls);
            if (call == 1) await Task.Delay(TimeSpan.FromSeconds(2), fleet.Time, token);
            else await gate.Task;
            return call;
        }

        var first = fleet[0].Cache.GetOrCreateAsync("k", GatedAsync, cancellationToken: Stop).AsTask();
        await fleet.UntilAsync(() => first.IsCompleted);
        await fleet.PassAsync(TimeSpan.FromSeconds(296)); // 4 s left, δβ is 20 s: a draw refreshes with a chance of four in five
        while (Volatile.Read(ref calls) == 1)
        {
            Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", GatedAsync, cancellationToken: Stop));
            await Task.Yield();
        }

        Break(fleet[0].Store, "away");
        await fleet.PassAsync(TimeSpan.FromSeconds(5));
        var after = fleet[0].Cache.GetOrCreateAsync("k", GatedAsync, cancellationToken: Stop).AsTask();
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((2, false), (Volatile.Read(ref calls), after.IsCompleted));

        gate.SetResult();
        await fleet.UntilAsync(() => after.IsCompleted);
        Assert.Equal((2, 2), (await after, calls));
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("tag")]
    public async Task AnotherNodeChanges_TheFillEndsWhenThatIsHeard(string change)
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        fleet[0].Store.GrantsNothing = true;
        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), tags: ["t"], cancellationToken: Stop));

        await ChangeAsync(fleet[1].Cache, change);

        Assert.Equal(2, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop));
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("tag")]
    public async Task ThisNodeChanges_ItReadsItsOwn(string change)
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L2FailuresUntilOpen = 1000);
        Break(fleet[0].Store, "away");
        await fleet.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), tags: ["t"], cancellationToken: Stop));

        await ChangeAsync(fleet[0].Cache, change);

        Assert.Equal(2, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop));
    }

    [Fact]
    public async Task StoreBack_TheFillIsCheckedBeforeItIsServedAgain()
    {
        await using var fleet = new SimulatedFleet(2, options: options => options.L2FailuresUntilOpen = 1000);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Break(fleet[0].Store, "away");
        await fleet.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop));
        await fleet[1].Cache.SetAsync("k", 2, cancellationToken: Stop); // not heard

        fleet[0].Store.IsAway = false;
        fleet[0].Store.Reconnect();

        Assert.Equal(2, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(3), cancellationToken: Stop));
    }

    private static void Break(SimulatedStore store, string how)
    {
        if (how == "away") store.IsAway = true;
        else if (how == "no leases") store.GrantsNothing = true;
        else store.Gate = new TaskCompletionSource().Task;
        store.IsDeaf = true;
    }

    private static async Task ChangeAsync(KessanHybridCache cache, string change)
    {
        if (change == "set") await cache.SetAsync("k", 2, cancellationToken: Stop);
        else if (change == "remove") await cache.RemoveAsync("k", Stop);
        else await cache.RemoveByTagAsync("t", Stop);
    }
}
