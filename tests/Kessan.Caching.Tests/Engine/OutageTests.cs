using Kessan.Caching.Storage;
using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

[Collection(RunsAlone.Name)]
public sealed class OutageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoreAway_L1GoesOn_ThenSourcesAnswer_AndNothingThrows()
    {
        await using var fleet = new SimulatedFleet(1);
        var cache = fleet[0].Cache;
        await cache.SetAsync("k", 1, cancellationToken: Stop);

        fleet[0].Store.IsAway = true;
        await OpenBreakerAsync(fleet, 0);
        await fleet.PassAsync(TimeSpan.FromSeconds(5));

        var alone = await cache.GetOrCreateLookupAsync("k", (_, _) => ValueTask.FromResult(2), cancellationToken: Stop);
        Assert.Equal((1, CacheLayer.L1, true), (alone.Value, alone.Layer, alone.IsUnverified));

        await fleet.PassAsync(TimeSpan.FromSeconds(30)); // past L1LifetimeWhenAlone
        var source = await cache.GetOrCreateLookupAsync("k", (_, _) => ValueTask.FromResult(2), cancellationToken: Stop);
        Assert.Equal((2, CacheLayer.Source), (source.Value, source.Layer));
    }

    [Fact]
    public async Task StoreAway_AFillLivesInL1ForFiveSecondsAtMost()
    {
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.IsAway = true;
        await OpenBreakerAsync(fleet, 0);
        var calls = 0;
        ValueTask<int> Next(CancellationToken _) => ValueTask.FromResult(++calls);

        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
        await fleet.PassAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
        await fleet.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await fleet[0].Cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task StoreSlow_EachWaitIsBounded_AndTheBreakerOpens()
    {
        await using var fleet = new SimulatedFleet(1);
        var never = new TaskCompletionSource();
        fleet[0].Store.Gate = never.Task;
        for (var i = 0; i < 3; i++)
        {
            var started = fleet.Time.GetTimestamp();
            var read = fleet[0].Cache.GetOrCreateAsync($"k{i}", _ => ValueTask.FromResult(1)).AsTask();
            await fleet.UntilAsync(() => read.IsCompleted);
            Assert.True(fleet.Time.GetElapsedTime(started) <= TimeSpan.FromMilliseconds(350), fleet.Time.GetElapsedTime(started).ToString());
        }

        var operations = fleet[0].Store.Operations;
        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k9", _ => ValueTask.FromResult(1), cancellationToken: Stop)); // without passing time
        Assert.Equal(operations, fleet[0].Store.Operations);
        never.SetResult();
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("tag")]
    public async Task StoreBack_WhatWasChangedMeanwhileIsRepeatedFirst(string change)
    {
        await using var fleet = new SimulatedFleet(2);
        foreach (var node in fleet.Nodes) await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), tags: ["t"], cancellationToken: Stop);
        foreach (var node in fleet.Nodes) node.Store.IsAway = true;
        await OpenBreakerAsync(fleet, 0);
        await OpenBreakerAsync(fleet, 1);

        if (change == "set") Assert.Equal(EntryWriteStatus.LocalOnly, (await fleet[0].Cache.SetAsync("k", 2, options: null, tags: ["t"], cancellationToken: Stop)).Status);
        else if (change == "remove") await fleet[0].Cache.RemoveAsync("k", Stop);
        else await fleet[0].Cache.RemoveByTagAsync("t", Stop);
        Assert.Equal(2, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop));

        foreach (var node in fleet.Nodes) node.Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        foreach (var node in fleet.Nodes)
        {
            Assert.Equal(2, await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop));
        }
    }

    [Fact]
    public async Task StoreBack_AValueThatAnotherNodeWroteMeanwhileStays()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        fleet[0].Store.IsAway = true;
        await OpenBreakerAsync(fleet, 0);
        await fleet[0].Cache.SetAsync("k", 2, cancellationToken: Stop);
        await fleet[1].Cache.SetAsync("k", 3, cancellationToken: Stop); // it could reach the store

        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        // Who was last cannot be known: neither value is put over the other, the source decides.
        foreach (var node in fleet.Nodes) Assert.NotEqual(2, (await node.Cache.TryGetAsync<int>("k", Stop)).Value);
    }

    [Fact]
    public async Task StoreBack_WritesFasterThanTheyAreRepeated_TheBreakerClosesAllTheSame()
    {
        await using var fleet = new SimulatedFleet(2);
        var (cache, store) = (fleet[0].Cache, fleet[0].Store);
        store.IsAway = true;
        await OpenBreakerAsync(fleet, 0);
        await cache.SetAsync("k", 0, cancellationToken: Stop);
        var written = 0;
        store.Refuses = subject =>
        {
            // For every key that is repeated, a writer that does not wait for the store changes the next one.
            if (written < 10_000 && cache.Node.StoreIsAway) _ = cache.SetAsync($"k{++written}", written, cancellationToken: Stop).AsTask();
            return false;
        };

        store.IsAway = false;
        await fleet.UntilAsync(() => !cache.Node.StoreIsAway);
        Assert.InRange(written, 1, 100); // and did not wait for the writer's end
        await fleet.UntilAsync(() => cache.Node.Journal.IsEmpty);

        Assert.Equal(EntryWriteStatus.Stored, (await cache.SetAsync("after", 1, options: null, cancellationToken: Stop)).Status);
        for (var i = 1; i <= written; i++) Assert.False((await fleet[1].Cache.TryGetAsync<int>($"k{i}", Stop)).Found);
    }

    [Fact]
    public async Task AnAnswerThatComesLate_DoesNotUndoWhatWasRecordedAfterItsBegin()
    {
        await using var fleet = new SimulatedFleet(2);
        var (answer, gate) = (new TaskCompletionSource(), new TaskCompletionSource<int>());
        fleet[0].Store.AnswerGate = answer.Task;
        var first = fleet[0].Cache.RemoveAsync("k", Stop).AsTask(); // carried out, but its answer does not come
        var filling = fleet[1].Cache.GetOrCreateAsync("k", async _ => await gate.Task, cancellationToken: Stop).AsTask();
        fleet[0].Store.IsAway = true;
        await fleet[0].Cache.RemoveAsync("k", Stop); // while the source runs, and the store does not hear of it
        fleet[0].Store.IsAway = false;
        answer.SetResult();
        await first;

        gate.SetResult(1);
        Assert.Equal(1, await filling);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));

        foreach (var node in fleet.Nodes) Assert.False((await node.Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Fact]
    public async Task StoreSlow_ManyReadPastWhatThisNodeRemovedMeanwhile()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L2FailuresUntilOpen = 1000);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        fleet[0].Store.IsAway = true;
        await fleet[0].Cache.RemoveAsync("k", Stop);
        fleet[0].Store.IsAway = false; // the breaker never opened, and the removal is not repeated yet

        Assert.False((await fleet[0].Cache.TryGetManyAsync<int>(["k"], Stop))["k"].Found);
        Assert.False((await fleet[0].Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Fact]
    public async Task StoreForgotTheLastWrites_TheOldValueIsNotServed()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        var before = fleet.Time.GetUtcNow();
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        await fleet[0].Cache.SetAsync("k", 2, cancellationToken: Stop);
        await fleet[0].Cache.SetAsync("r", 1, cancellationToken: Stop);

        fleet.Server.ForgetSince(before);
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        foreach (var node in fleet.Nodes) Assert.NotEqual(1, (await node.Cache.TryGetAsync<int>("k", Stop)).Value);
    }

    [Fact]
    public async Task SubscriptionCut_L1IsRevalidatedByVersion()
    {
        await using var fleet = new SimulatedFleet(2);
        foreach (var node in fleet.Nodes) await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Quote("a", 1)), cancellationToken: Stop);
        await fleet[1].Cache.GetOrCreateAsync("same", _ => ValueTask.FromResult(new Quote("b", 1)), cancellationToken: Stop);
        var same = await fleet[1].Cache.TryGetAsync<Quote>("same", Stop);

        fleet[1].Store.Cut();
        await fleet[0].Cache.SetAsync("k", new Quote("a", 2), cancellationToken: Stop);

        Assert.Equal(2, (await fleet[1].Cache.TryGetAsync<Quote>("k", Stop)).Value!.Price);
        var confirmed = await fleet[1].Cache.TryGetAsync<Quote>("same", Stop);
        Assert.Equal(CacheLayer.L2, confirmed.Layer);
        Assert.Same(same.Value, confirmed.Value); // confirmed by its version, not read again

        fleet[1].Store.Reconnect();
        await fleet[1].Cache.TryGetAsync<Quote>("same", Stop);
        Assert.Equal(CacheLayer.L1, (await fleet[1].Cache.TryGetAsync<Quote>("same", Stop)).Layer);
    }

    [Fact]
    public async Task ProcessStoppedAndResumed_ServesNothingUncheckedBeforeItsTimersRan()
    {
        await using var fleet = new SimulatedFleet(2);
        foreach (var node in fleet.Nodes) await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop);
        fleet[1].Store.Fate = static _ => MessageFate.Hold; // what a stopped process does not read
        await fleet[0].Cache.SetAsync("k", 2, cancellationToken: Stop);
        fleet[1].Store.Gate = Task.CompletedTask;
        fleet[1].Store.IsDeaf = true;
        fleet.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(2, (await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Value);
    }

    [Fact]
    public async Task MessagesOvertakeEachOther_TheNewerValueStays()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet.PassAsync(TimeSpan.FromSeconds(1)); // they know each other by their heartbeats
        fleet[1].Store.Fate = static message => message.Kind == StoreMessageKind.Heartbeat ? MessageFate.Deliver : MessageFate.Hold;
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        await fleet[0].Cache.SetAsync("k", 2, cancellationToken: Stop);
        Assert.Equal(2, await fleet[1].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(9), cancellationToken: Stop));

        fleet[1].Store.DeliverHeld(static held => held.Reverse());

        var lookup = await fleet[1].Cache.TryGetAsync<int>("k", Stop);
        Assert.Equal((2, CacheLayer.L1), (lookup.Value, lookup.Layer));
    }

    private static async Task OpenBreakerAsync(SimulatedFleet fleet, int node)
    {
        for (var i = 0; i < 3; i++) await fleet[node].Cache.TryGetAsync<int>($"away{i}", Stop);
    }
}
