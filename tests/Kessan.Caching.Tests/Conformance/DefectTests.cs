using System.Diagnostics.Metrics;
using Kessan.Caching.Tests.Engine;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Conformance;

/// <summary>
/// What stock HybridCache does not do and ours does. Each test states both outcomes, over the same steps where the stock cache has such steps
/// at all, so that it is known to bite: should Microsoft's change, it fails and the README's table wants a look.
/// </summary>
public sealed class DefectTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("tag")]
    public async Task ChangeOnNodeA_IsSeenByNodeB(string change)
    {
        Assert.Equal(1, await OverStockAsync(2, Steps));
        Assert.Equal(2, await OverKessanAsync(2, Steps));

        async Task<int> Steps(HybridCache[] nodes)
        {
            foreach (var node in nodes) await node.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), tags: ["t"], cancellationToken: Stop);
            if (change == "set") await nodes[0].SetAsync("k", 2, tags: ["t"], cancellationToken: Stop);
            else if (change == "remove") await nodes[0].RemoveAsync("k", Stop);
            else await nodes[0].RemoveByTagAsync("t", Stop);
            return await nodes[1].GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop);
        }
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    public async Task ChangeDuringAFill_IsNotLost(string change)
    {
        Assert.Equal(1, await OverStockAsync(1, Steps));
        Assert.Equal(2, await OverKessanAsync(1, Steps));

        async Task<int> Steps(HybridCache[] nodes)
        {
            var gate = new TaskCompletionSource<int>();
            var fill = nodes[0].GetOrCreateAsync("k", async _ => await gate.Task).AsTask();
            if (change == "set") await nodes[0].SetAsync("k", 2, cancellationToken: Stop);
            else await nodes[0].RemoveAsync("k", Stop);
            gate.SetResult(1);
            await fill;
            await Settle.AllAsync();
            return await nodes[0].GetOrCreateAsync("k", _ => ValueTask.FromResult(2), cancellationToken: Stop);
        }
    }

    [Fact]
    public async Task TenNodesOneColdKey_OneSourceCall()
    {
        Assert.Equal(10, await OverStockAsync(10, Steps));
        Assert.Equal(1, await OverKessanAsync(10, Steps));

        async Task<int> Steps(HybridCache[] nodes)
        {
            var gate = new TaskCompletionSource();
            var calls = 0;
            var callers = nodes.Select(node => node.GetOrCreateAsync("k", async _ =>
            {
                Interlocked.Increment(ref calls);
                await gate.Task;
                return 1;
            }).AsTask()).ToArray();
            await Settle.AllAsync();
            gate.SetResult();
            await Task.WhenAll(callers);
            return calls;
        }
    }

    [Fact]
    public async Task StoreAway_RemoveDoesNotThrow()
    {
        var time = new FakeTimeProvider();
        var shared = new SharedDistributedCache(time) { IsAway = true };
        await using var stock = new StockNode(time, shared, null);
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.IsAway = true;

        await Assert.ThrowsAsync<IOException>(async () => await stock.Cache.RemoveAsync("k", Stop));
        await fleet[0].Cache.RemoveAsync("k", Stop);
        await fleet[0].Cache.RemoveByTagAsync("t", Stop);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), cancellationToken: Stop));
    }

    [Fact]
    public async Task StoreHangs_AMissWaitsABoundedTime()
    {
        var time = new FakeTimeProvider();
        var gate = new TaskCompletionSource();
        await using var stock = new StockNode(time, new SharedDistributedCache(time) { Gate = gate.Task }, null);
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.Gate = gate.Task;

        var slow = stock.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop).AsTask();
        var bounded = fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop).AsTask();
        time.Advance(TimeSpan.FromHours(1));
        var before = fleet[0].Store.Operations;
        await fleet.UntilAsync(() => bounded.IsCompleted);
        await Settle.AllAsync();

        Assert.False(slow.IsCompleted);
        Assert.InRange(fleet[0].Store.Operations - before, 0, 10); // each is waited for 250 ms
        gate.SetResult();
        Assert.Equal((1, 1), (await slow, await bounded));
    }

    [Fact]
    public async Task SourceFails_TheLastGoodValueIsGiven()
    {
        var time = new FakeTimeProvider();
        await using var stock = new StockNode(time, new SharedDistributedCache(time), null);
        await using var fleet = new SimulatedFleet(1);
        await stock.Cache.SetAsync("stock_price:7203:latest", 1, cancellationToken: Stop);
        await fleet[0].Cache.SetAsync("stock_price:7203:latest", 1, cancellationToken: Stop);
        time.Advance(TimeSpan.FromMinutes(10));
        fleet.Time.Advance(TimeSpan.FromMinutes(10));

        await Assert.ThrowsAsync<IOException>(async () => await stock.Cache.GetOrCreateAsync<int>("stock_price:7203:latest", _ => throw new IOException(), cancellationToken: Stop));
        var lookup = await fleet[0].Cache.GetOrCreateLookupAsync<int>("stock_price:7203:latest", (_, _) => throw new IOException(), cancellationToken: Stop);
        Assert.Equal((1, true, TimeSpan.FromMinutes(10)), (lookup.Value, lookup.IsStale, lookup.Age));
    }

    [Fact]
    public async Task CancelableCaller_TheSourceRunsInItsExecutionContext()
    {
        Assert.Equal(0, await OverStockAsync(1, Steps));
        Assert.Equal(42, await OverKessanAsync(1, Steps));

        static async Task<int> Steps(HybridCache[] nodes)
        {
            var ambient = new AsyncLocal<int> { Value = 42 };
            using var cancelable = new CancellationTokenSource();
            return await nodes[0].GetOrCreateAsync("k", _ => ValueTask.FromResult(ambient.Value), cancellationToken: cancelable.Token);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    [InlineData("long")]
    public async Task InvalidKey_IsSaid(string key)
    {
        if (key == "long") key = new string('k', 1025);
        await using var stock = new StockNode(new FakeTimeProvider(), null, null);
        await using var fleet = new SimulatedFleet(1);

        Assert.Equal(1, await stock.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(1), cancellationToken: Stop));
        Assert.Equal(2, await stock.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(2), cancellationToken: Stop));
        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(async () => await fleet[0].Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(1), cancellationToken: Stop));
        if (key.Length > 1024) Assert.Contains("1024", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissAndCachedDefault_AreToldApart()
    {
        // The stock cache has no read without a source but this one.
        var time = new FakeTimeProvider();
        await using var stock = new StockNode(time, new SharedDistributedCache(time), null);
        var readOnly = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };
        await stock.Cache.SetAsync("zero", 0, cancellationToken: Stop);
        foreach (var key in (string[])["zero", "missing"])
        {
            Assert.Equal(0, await stock.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(1), readOnly, cancellationToken: Stop));
        }

        await using var fleet = new SimulatedFleet(1);
        var nulls = new CacheEntryOptions { NegativeExpiration = TimeSpan.FromSeconds(30) };
        await fleet[0].Cache.GetOrCreateLookupAsync<string?>("null", (_, _) => ValueTask.FromResult<string?>(null), nulls, cancellationToken: Stop);
        await fleet[0].Cache.SetAsync("zero", 0, cancellationToken: Stop);

        Assert.False((await fleet[0].Cache.TryGetAsync<string?>("missing", Stop)).Found);
        Assert.True((await fleet[0].Cache.TryGetAsync<string?>("null", Stop)).Found);
        Assert.True((await fleet[0].Cache.TryGetAsync<int>("zero", Stop)).Found);
        Assert.False((await fleet[0].Cache.TryGetAsync<int>("missing", Stop)).Found);
    }

    [Fact]
    public async Task Requests_AreCountedByAMeter()
    {
        await using var stock = new StockNode(new FakeTimeProvider(), null, services => services.AddMetrics());
        await using var fleet = new SimulatedFleet(1);

        Assert.Equal(0, await CountAsync(stock.Services, stock.Cache));
        Assert.Equal(2, await CountAsync(fleet[0].Services, fleet[0].Hybrid));

        static async Task<long> CountAsync(IServiceProvider services, HybridCache cache)
        {
            long requests = 0;
            var meters = services.GetRequiredService<IMeterFactory>();
            using var listener = new MeterListener
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name.EndsWith("requests", StringComparison.Ordinal))
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref requests, measurement));
            listener.Start();
            for (var i = 0; i < 2; i++) await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Quote("7203", 1m)), cancellationToken: Stop);
            listener.RecordObservableInstruments();
            return requests;
        }
    }

    [Fact]
    public async Task PayloadOverTheLimit_IsReturnedNotCached_AndASetIsRefused()
    {
        await using var stock = new StockNode(new FakeTimeProvider(), null, services => services.Configure<HybridCacheOptions>(options => options.MaximumPayloadBytes = 100));
        await stock.Cache.SetAsync("k", new Basket { Items = [.. Enumerable.Range(0, 1000)] }, cancellationToken: Stop); // kept all the same
        Assert.Equal(1000, (await stock.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Basket()), cancellationToken: Stop)).Items.Count);

        await using var fleet = new SimulatedFleet(1, configure: services => services.Configure<HybridCacheOptions>(options => options.MaximumPayloadBytes = 100));
        var large = new Basket { Items = [.. Enumerable.Range(0, 1000)] };
        var calls = 0;

        for (var i = 0; i < 2; i++)
        {
            await fleet[0].Cache.GetOrCreateAsync("k", _ =>
            {
                calls++;
                return ValueTask.FromResult(large);
            }, cancellationToken: Stop);
        }

        Assert.Equal(2, calls);
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () => await fleet[0].Cache.SetAsync("k", large, cancellationToken: Stop));
        Assert.Contains("100", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyKeys_OneSourceCallForAllThatIsMissing()
    {
        // The stock cache can only be asked key by key.
        var time = new FakeTimeProvider();
        await using var stock = new StockNode(time, new SharedDistributedCache(time), null);
        await stock.Cache.SetAsync("a", 1, cancellationToken: Stop);
        var calls = 0;
        await Task.WhenAll(((string[])["a", "b", "c", "d"]).Select(key => stock.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(Interlocked.Increment(ref calls)), cancellationToken: Stop).AsTask()));
        Assert.Equal(3, calls);

        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.SetAsync("a", 1, cancellationToken: Stop);
        var operations = fleet[1].Store.Operations;
        List<IReadOnlyList<string>> asked = [];

        var found = await fleet[1].Cache.GetOrCreateManyAsync<int>(["a", "b", "c", "d"], (missing, _) =>
        {
            asked.Add(missing);
            return ValueTask.FromResult<IReadOnlyDictionary<string, int>>(new Dictionary<string, int> { ["b"] = 2, ["c"] = 3 });
        }, cancellationToken: Stop);

        Assert.Equal(["b", "c", "d"], Assert.Single(asked));
        Assert.Equal((1, CacheLayer.L2), (found["a"].Value, found["a"].Layer));
        Assert.Equal((2, CacheLayer.Source), (found["b"].Value, found["b"].Layer));
        Assert.False(found["d"].Found);
        Assert.InRange(fleet[1].Store.Operations - operations, 1, 7); // read, generations, leases, write, release of the one without a value
    }

    private static async Task<int> OverStockAsync(int count, Func<HybridCache[], Task<int>> steps)
    {
        var time = new FakeTimeProvider();
        var shared = new SharedDistributedCache(time);
        var nodes = Enumerable.Range(0, count).Select(_ => new StockNode(time, shared, null)).ToArray();
        var result = await steps([.. nodes.Select(node => node.Cache)]).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        foreach (var node in nodes) await node.DisposeAsync();
        return result;
    }

    private static async Task<int> OverKessanAsync(int count, Func<HybridCache[], Task<int>> steps)
    {
        await using var fleet = new SimulatedFleet(count);
        return await steps([.. fleet.Nodes.Select(node => node.Hybrid)]).WaitAsync(TimeSpan.FromSeconds(60), Stop);
    }
}
