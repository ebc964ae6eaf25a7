using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

[Collection(RunsAlone.Name)]
public sealed class StaleTests
{
    private const string Key = "stock_price:7203:latest"; // fresh for 300 s, stale for an hour

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SourceFails_TheStaleValueIsGivenForItsWindowAndNotLonger()
    {
        await using var fleet = new SimulatedFleet(1);
        await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);

        fleet.Time.Advance(TimeSpan.FromSeconds(301));
        var stale = await FailAsync(fleet[0]);
        Assert.Equal((1, true, TimeSpan.FromSeconds(301), TimeSpan.FromSeconds(-1)), (stale.Value, stale.IsStale, stale.Age, stale.TimeLeft));

        fleet.Time.Advance(TimeSpan.FromSeconds(3600));
        await Assert.ThrowsAsync<IOException>(() => FailAsync(fleet[0]));
    }

    [Fact]
    public async Task SourceFails_ItIsNotAskedAgainForAMoment()
    {
        await using var fleet = new SimulatedFleet(1);
        await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(301));
        var calls = 0;

        for (var i = 0; i < 10; i++)
        {
            await fleet[0].Cache.GetOrCreateLookupAsync<int>(Key, (_, _) =>
            {
                calls++;
                throw new IOException();
            }, cancellationToken: Stop);
        }

        Assert.Equal(1, calls);
        await fleet.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(2), cancellationToken: Stop));
    }

    [Fact]
    public async Task SourceIsSlow_TheStaleValueIsGivenAfterTheSoftTimeout_AndTheNewOneComesBehind()
    {
        await using var fleet = new SimulatedFleet(1);
        await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(301));
        var gate = new TaskCompletionSource<int>();

        var slow = fleet[0].Cache.GetOrCreateLookupAsync(Key, async (_, _) => await gate.Task, cancellationToken: Stop).AsTask();
        await fleet.UntilAsync(() => slow.IsCompleted);
        Assert.True((await slow).IsStale);
        var joined = await fleet[0].Cache.GetOrCreateLookupAsync(Key, (_, _) => ValueTask.FromResult(3), cancellationToken: Stop);
        Assert.Equal((1, true), (joined.Value, joined.IsStale));

        gate.SetResult(2);
        await Settle.UntilAsync(() => fleet[0].Cache.TryGetAsync<int>(Key).AsTask().Result.Value == 2);
    }

    [Fact]
    public async Task Removed_IsNeverServedStale()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);
        await fleet[1].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);

        await fleet[0].Cache.RemoveAsync(Key, Stop);

        foreach (var node in fleet.Nodes) await Assert.ThrowsAsync<IOException>(() => FailAsync(node));
    }

    [Fact]
    public async Task StockInvalidated_IsNeverServedStale()
    {
        await using var fleet = new SimulatedFleet(2);
        foreach (var node in fleet.Nodes) await node.Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(301));

        await fleet[0].Cache.RemoveByTagAsync("stock:7203", Stop);

        foreach (var node in fleet.Nodes) await Assert.ThrowsAsync<IOException>(() => FailAsync(node));
    }

    [Fact]
    public async Task SessionsAreNotKeptInL1()
    {
        await using var fleet = new SimulatedFleet(1);
        await fleet[0].Cache.SetAsync("user_session:u1", "s", cancellationToken: Stop);

        Assert.Equal(CacheLayer.L2, (await fleet[0].Cache.TryGetAsync<string>("user_session:u1", Stop)).Layer);
        Assert.Equal(CacheLayer.L2, (await fleet[0].Cache.TryGetAsync<string>("user_session:u1", Stop)).Layer);
    }

    [Fact]
    public async Task Failure_IsRememberedOnlyIfAsked()
    {
        await using var fleet = new SimulatedFleet(1);
        var calls = 0;
        var asked = new CacheEntryOptions { FailureExpiration = TimeSpan.FromSeconds(10) };
        async Task<int> CallAsync(CacheEntryOptions? options) => (await fleet[0].Cache.GetOrCreateLookupAsync<int>("k", (_, _) =>
        {
            calls++;
            throw new IOException();
        }, options, cancellationToken: Stop)).Value;

        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<IOException>(() => CallAsync(null));
        Assert.Equal(3, calls);
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<IOException>(() => CallAsync(asked));
        Assert.Equal(4, calls);
        fleet.Time.Advance(TimeSpan.FromSeconds(11));
        await Assert.ThrowsAsync<IOException>(() => CallAsync(asked));
        Assert.Equal(5, calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HotKey_IsRefreshedEarlyOnceInTheFleet(bool inBatches)
    {
        await using var fleet = new SimulatedFleet(3, options: options => options.RefreshBeta = 10);
        var calls = 0;
        async ValueTask<int> SlowAsync(CancellationToken token)
        {
            var call = Interlocked.Increment(ref calls);
            await Task.Delay(TimeSpan.FromSeconds(2), fleet.Time, token);
            return call;
        }

        var first = fleet[0].Cache.GetOrCreateAsync(Key, SlowAsync).AsTask();
        await fleet.UntilAsync(() => first.IsCompleted);
        await fleet.PassAsync(TimeSpan.FromSeconds(296)); // 4 s left, δβ is 20 s: a draw refreshes with a chance of four in five
        for (var i = 0; i < 20; i++)
        {
            foreach (var node in fleet.Nodes) Assert.Equal(1, inBatches ? await OneOfAsync(node) : await node.Cache.GetOrCreateAsync(Key, SlowAsync));
        }

        await Settle.UntilAsync(() => Volatile.Read(ref calls) == 2);
        await fleet.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(2, calls);
        foreach (var node in fleet.Nodes) Assert.Equal(2, (await node.Cache.TryGetAsync<int>(Key, Stop)).Value);

        async Task<int> OneOfAsync(SimulatedNode node)
        {
            var values = await node.Cache.GetOrCreateManyAsync<int>([Key], async (keys, token) => new Dictionary<string, int> { [keys[0]] = await SlowAsync(token) });
            return values[Key].Value;
        }
    }

    [Fact]
    public async Task SourceChoosesTheLifetime()
    {
        await using var fleet = new SimulatedFleet(1);
        var lookup = await fleet[0].Cache.GetOrCreateLookupAsync(Key, (context, _) =>
        {
            context.Expiration = TimeSpan.FromSeconds(7);
            return ValueTask.FromResult(1);
        }, cancellationToken: Stop);

        Assert.Equal(TimeSpan.FromSeconds(7), lookup.TimeLeft);
        fleet.Time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(2, await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(2), cancellationToken: Stop));
    }

    private static async Task<CacheLookup<int>> FailAsync(SimulatedNode node)
        => await node.Cache.GetOrCreateLookupAsync<int>(Key, (_, _) => throw new IOException(), cancellationToken: Stop);
}
