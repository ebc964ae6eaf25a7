using Kessan.Caching.Repair;
using Kessan.Caching.Storage;
using Kessan.Caching.Tests.Model;
using Kessan.Caching.Timing;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

/// <summary>A server of the store that has lost its last writes, and what this node remembers of them.</summary>
[Collection(RunsAlone.Name)]
public sealed class FailoverTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoreForgotTheLastWrite_TheReadThatComesFirst_GivesNothingOlderThanL1Had(bool asBatch)
    {
        // Without the repair, which would come before the read here: only what L1 had is left to tell.
        await using var fleet = new SimulatedFleet(1, options: options => options.RecentWrites = TimeSpan.Zero);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        var before = fleet.Time.GetUtcNow();
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        await fleet[0].Cache.SetAsync("k", 2, cancellationToken: Stop);

        fleet[0].Store.Cut(); // L1 is not believed any more
        fleet.Server.ForgetSince(before);

        Assert.NotEqual(1, asBatch
            ? (await fleet[0].Cache.TryGetManyAsync<int>(["k"], Stop))["k"].Value
            : (await fleet[0].Cache.TryGetAsync<int>("k", Stop)).Value);
        Assert.Equal(3, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(3), cancellationToken: Stop));
    }

    [Fact]
    public void Recent_MoreThanItRemembers_SaysSo()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var recent = new RecentWrites(new CacheClock(time), TimeSpan.FromSeconds(10));
        for (var i = 0; i < 100_000; i++) recent.Remember($"{i}", i + 1, recent.Server);
        Assert.Equal(100_000, recent.Take()!.Count);

        Assert.False(recent.Remember("begun on the server before", 1, recent.Server - 1));
        recent.Remember("one more", 1, recent.Server);
        Assert.Null(recent.Take());

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Empty(recent.Take()!);
    }

    [Fact]
    public async Task Recent_TooManyToRemember_EverythingIsInvalidated()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[1].Cache.SetAsync("k", 1, cancellationToken: Stop);
        for (var i = 0; i <= 100_000; i++) fleet[0].Cache.Node.Recent.Remember("x", 1, 0);

        fleet.Server.ForgetSince(fleet.Time.GetUtcNow().AddHours(1)); // forgets nothing, but is another one
        await fleet.PassAsync(TimeSpan.FromSeconds(1));

        Assert.False((await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoreForgot_WhatWasRepeatedAfterAnOutage_IsRepeatedAgain(bool asTag)
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[1].Cache.SetAsync("k", 1, tags: ["t"], cancellationToken: Stop);
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);
        if (asTag) await fleet[0].Cache.RemoveByTagAsync("t", Stop);
        else await fleet[0].Cache.RemoveAsync("k", Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(15));
        var before = fleet.Time.GetUtcNow();
        fleet[0].Store.IsAway = false;
        await fleet.UntilAsync(() => fleet[0].Cache.Node.Journal.IsEmpty);

        fleet.Server.ForgetSince(before);
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        Assert.False((await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Fact]
    public void Journal_KeepsValuesOnlyWhereTheyCanGoBack_AndWithinItsBytes()
    {
        var journal = new OutageJournal(new CacheClock(new Microsoft.Extensions.Time.Testing.FakeTimeProvider()), 1000);
        var entry = new StoredEntry { Payload = new byte[1 << 20], Lifetime = TimeSpan.FromHours(1) };

        journal.Record("unseen", entry, seenVersion: 0);
        for (var i = 0; i < 100; i++) journal.Record($"{i}", entry, seenVersion: 1);
        for (var i = 0; i < 50; i++) journal.Record("again", entry, seenVersion: 1);
        var kept = journal.Take();

        Assert.Equal(102, kept.Keys.Count); // all are known as changed
        Assert.Null(kept.Keys["unseen"].Entry);
        Assert.Equal(64, kept.Keys.Values.Count(record => record.Entry is not null));
        journal.Restore(kept);
        journal.Record("more", entry, seenVersion: 1);
        Assert.Null(journal.Take().Keys["more"].Entry);
    }

    [Fact]
    public async Task Journal_MoreThanItHolds_EverythingIsInvalidated()
    {
        await using var fleet = new SimulatedFleet(2, options: options => options.JournalCapacity = 10);
        await fleet[1].Cache.SetAsync("k", 1, cancellationToken: Stop);
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);
        for (var i = 0; i < 11; i++) await fleet[0].Cache.RemoveAsync($"r{i}", Stop);

        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        Assert.False((await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Found);
    }

    [Fact]
    public async Task Journal_AValueOverTheVersionThatWasSeen_GoesBack()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);
        Assert.Equal(EntryWriteStatus.LocalOnly, (await fleet[0].Cache.SetAsync("k", 2, options: null, cancellationToken: Stop)).Status);

        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        var lookup = await fleet[1].Cache.TryGetAsync<int>("k", Stop); // without a source: it can only be from the store
        Assert.Equal((true, 2), (lookup.Found, lookup.Value));
    }

    [Fact]
    public async Task StoreAway_ManyCallersOfOneProcess_AskTheSourceOnce()
    {
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);
        var (gate, calls) = (new TaskCompletionSource(), 0);

        var all = Enumerable.Range(0, 100).Select(_ => fleet[0].Cache.GetOrCreateAsync("k", SourceAsync, cancellationToken: Stop).AsTask()).ToArray();
        gate.SetResult();

        Assert.All(await Task.WhenAll(all), value => Assert.Equal(1, value));

        async ValueTask<int> SourceAsync(CancellationToken cancellationToken)
        {
            var call = Interlocked.Increment(ref calls);
            await gate.Task;
            return call;
        }
    }

    [Fact]
    public async Task StoreSlow_WhatIsHeardOfMeanwhile_IsNotServedAlone()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        fleet[0].Store.IsDeaf = true;
        await fleet.PassAsync(TimeSpan.FromSeconds(3)); // what L1 has must be confirmed, or served alone
        var never = new TaskCompletionSource();
        fleet[0].Store.Gate = never.Task;
        var reading = fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), cancellationToken: Stop).AsTask();

        await fleet[1].Cache.RemoveAsync("k", Stop);
        await fleet.UntilAsync(() => reading.IsCompleted);

        Assert.Equal(2, await reading);
        never.SetResult();
    }

    [Fact]
    public async Task AFillWithoutALease_WritesNothingToTheStore()
    {
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.GrantsNothing = true;

        Assert.Equal(1, await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop));
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(0, fleet.Server.Count);
    }

    [Fact]
    public async Task KeptStaleInTheStore_ANodeWithoutIt_ServesItWhenTheSourceFails()
    {
        await using var fleet = new SimulatedFleet(2, keepStale: true);
        var options = new CacheEntryOptions { Expiration = TimeSpan.FromSeconds(10), StaleWindow = TimeSpan.FromMinutes(1) };
        await fleet[0].Cache.SetAsync("k", 1, options, cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(11));
        var calls = 0;

        var stale = await fleet[1].Cache.GetOrCreateLookupAsync<int>("k", FailAsync, options, cancellationToken: Stop);
        Assert.Equal((1, true), (stale.Value, stale.IsStale));
        var again = await fleet[1].Cache.GetOrCreateLookupAsync<int>("k", FailAsync, options, cancellationToken: Stop);
        Assert.Equal((1, true, 1), (again.Value, again.IsStale, calls)); // from L1, and the source is left in peace for a moment

        ValueTask<int> FailAsync(CacheFillContext context, CancellationToken cancellationToken)
        {
            calls++;
            throw new InvalidOperationException("The source fails.");
        }
    }
}
