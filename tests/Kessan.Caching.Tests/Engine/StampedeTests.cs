using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

[Collection(RunsAlone.Name)]
public sealed class StampedeTests
{
    [Fact]
    public async Task GetOrCreate_TenNodesThousandCallersEachOnOneColdKey_AsksTheSourceOnce()
    {
        await using var fleet = new SimulatedFleet(10);
        var gate = new TaskCompletionSource();
        var calls = 0;

        var callers = fleet.Nodes.SelectMany(node => Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await node.Cache.GetOrCreateAsync(
            "stock_price:7203:latest",
            async _ =>
            {
                Interlocked.Increment(ref calls);
                await gate.Task;
                return new Quote("7203", 2520m);
            })))).ToArray();
        await Settle.UntilAsync(() => Volatile.Read(ref calls) > 0);
        gate.SetResult();
        var quotes = await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(1, calls);
        Assert.All(quotes, quote => Assert.Equal(2520m, quote.Price));
    }

    [Fact]
    public async Task GetOrCreate_WaiterWhoseNodeRemovesTheKey_HoldsTheNextLeaseForAll()
    {
        await using var fleet = new SimulatedFleet(3);
        var gates = new[] { new TaskCompletionSource<int>(), new TaskCompletionSource<int>(), new TaskCompletionSource<int>() };
        var calls = 0;
        Task<int> Ask(int node) => fleet[node].Cache.GetOrCreateAsync("k", async _ => await gates[Interlocked.Increment(ref calls) - 1].Task).AsTask();
        var first = Ask(0);
        await Settle.UntilAsync(() => Volatile.Read(ref calls) == 1);
        var waiter = Ask(1);
        await Settle.AllAsync();

        await fleet[1].Cache.RemoveAsync("k", TestContext.Current.CancellationToken);
        await Settle.UntilAsync(() => Volatile.Read(ref calls) == 2); // the waiter's own, with the lease that the removal has freed
        await fleet.PassAsync(TimeSpan.FromSeconds(5)); // longer than a lease that nobody renews
        var late = Ask(2);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(2, calls);
        gates[1].SetResult(2);
        await fleet.UntilAsync(() => waiter.IsCompleted && late.IsCompleted);
        Assert.Equal((2, 2, 2), (await waiter, await late, calls));
        gates[0].SetResult(1);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task GetOrCreate_HolderDies_AtMostOneMoreCallWhenItsLeaseHasRunOut()
    {
        await using var fleet = new SimulatedFleet(10);
        var calls = 0;
        var never = new TaskCompletionSource<int>();
        fleet[0].Store.Fate = static _ => MessageFate.Lose;
        _ = fleet[0].Cache.GetOrCreateAsync("k", async _ =>
        {
            Interlocked.Increment(ref calls);
            return await never.Task;
        }).AsTask();
        await Settle.UntilAsync(() => Volatile.Read(ref calls) == 1);

        fleet[0].Store.IsAway = true; // it is dead to the store: it cannot renew
        var started = fleet.Time.GetTimestamp();
        var others = fleet.Nodes.Skip(1).SelectMany(node => Enumerable.Range(0, 10).Select(_ => node.Cache.GetOrCreateAsync("k", _ =>
        {
            Interlocked.Increment(ref calls);
            return ValueTask.FromResult(2);
        }).AsTask())).ToArray();
        await fleet.UntilAsync(() => others.All(task => task.IsCompleted));

        Assert.Equal(2, calls);
        Assert.All(others, task => Assert.Equal(2, task.Result));
        Assert.True(fleet.Time.GetElapsedTime(started) <= TimeSpan.FromSeconds(2.05), fleet.Time.GetElapsedTime(started).ToString());
    }

    [Fact]
    public async Task GetOrCreate_SourceFails_TheNextNodeTriesAtOnce()
    {
        await using var fleet = new SimulatedFleet(2);
        var gate = new TaskCompletionSource<int>();
        var first = fleet[0].Cache.GetOrCreateAsync("k", async _ => await gate.Task).AsTask();
        var second = fleet[1].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2)).AsTask();
        await Settle.AllAsync();
        Assert.False(second.IsCompleted);

        gate.SetException(new InvalidOperationException("no source"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        Assert.Equal(2, await second.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetOrCreate_LongSource_TheLeaseIsRenewedAndNobodyElseAsks()
    {
        await using var fleet = new SimulatedFleet(2);
        var gate = new TaskCompletionSource<int>();
        var calls = 0;
        var first = fleet[0].Cache.GetOrCreateAsync("k", async _ =>
        {
            Interlocked.Increment(ref calls);
            return await gate.Task;
        }).AsTask();
        await Settle.UntilAsync(() => Volatile.Read(ref calls) == 1);
        var second = fleet[1].Cache.GetOrCreateAsync("k", _ =>
        {
            Interlocked.Increment(ref calls);
            return ValueTask.FromResult(2);
        }).AsTask();

        await fleet.PassAsync(TimeSpan.FromSeconds(9));
        gate.SetResult(1);

        Assert.Equal(1, await first);
        Assert.Equal(1, await second.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task GetOrCreate_CallerLeaves_TheFillGoesOnForTheOthers()
    {
        await using var fleet = new SimulatedFleet(1);
        using var leaving = new CancellationTokenSource();
        var gate = new TaskCompletionSource<int>();
        var first = fleet[0].Cache.GetOrCreateAsync("k", async _ => await gate.Task, cancellationToken: leaving.Token).AsTask();
        var second = fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), cancellationToken: TestContext.Current.CancellationToken).AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult(1);

        Assert.Equal(1, await second);
    }
}
