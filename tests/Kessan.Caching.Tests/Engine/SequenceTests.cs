using Kessan.Caching.Backplane;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Kessan.Caching.Tests.Model;
using Kessan.Caching.Timing;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Engine;

[Collection(RunsAlone.Name)]
public sealed class SequenceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void ASender_WithAPastBeforeTheSubscription_IsNoLoss()
    {
        var tracker = Tracker();

        Assert.Equal(SequenceFinding.Whole, tracker.Observe(Change("new", 1)));
        Assert.Equal(SequenceFinding.Unheard, tracker.Observe(Change("a", 57)));
        Assert.Equal(SequenceFinding.Unheard, tracker.Observe(Heartbeat("b", 12)));
        Assert.Equal(SequenceFinding.Whole, tracker.Observe(Change("a", 58)));
        Assert.Equal(SequenceFinding.Whole, tracker.Observe(Heartbeat("newer", 0)));
    }

    [Fact]
    public void ASender_WithAPastLongAfterTheSubscription_IsALoss()
    {
        var tracker = Tracker();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(SequenceFinding.Whole, tracker.Observe(Heartbeat("a", 0)));
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(SequenceFinding.Lost, tracker.Observe(Change("b", 2)));
    }

    [Fact]
    public void ASubscription_BegunAnew_ForgivesOnceMore()
    {
        var tracker = Tracker();
        tracker.Observe(Change("a", 1));
        _time.Advance(TimeSpan.FromMinutes(1));
        tracker.Clear();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(SequenceFinding.Unheard, tracker.Observe(Change("a", 57)));
    }

    [Fact]
    public void AHole_CountsAfterTwoHundredMilliseconds_UnlessItFills()
    {
        var tracker = Tracker();
        tracker.Observe(Change("a", 1));
        Assert.Equal(SequenceFinding.Whole, tracker.Observe(Change("a", 3)));
        Assert.Equal(SequenceFinding.Whole, tracker.Observe(Change("a", 2)));
        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.False(tracker.Check());

        tracker.Observe(Change("a", 5));
        _time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(tracker.Check());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(tracker.Check());
        Assert.False(tracker.Check());
    }

    [Fact]
    public void AHeartbeat_OfALaterNumber_ThatNeverComes_IsALoss()
    {
        var tracker = Tracker();
        tracker.Observe(Heartbeat("a", 0));
        Assert.Equal(SequenceFinding.Whole, tracker.Observe(Heartbeat("a", 1)));
        _time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(SequenceFinding.Lost, tracker.Observe(Heartbeat("a", 1)));
    }

    [Fact]
    public void ASender_ThatFallsSilent_IsALossOnce()
    {
        var tracker = Tracker();
        tracker.Observe(Change("a", 1));
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.True(tracker.Check());
        Assert.False(tracker.Check());
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(SequenceFinding.Unheard, tracker.Observe(Change("a", 7)));
    }

    [Fact]
    public async Task ANode_ThatJoinsABusyFleet_CountsNoGaps()
    {
        await using var fleet = new SimulatedFleet(2);
        for (var i = 0; i < 20; i++) await fleet[i % 2].Cache.SetAsync($"k{i}", i, cancellationToken: TestContext.Current.CancellationToken);

        await using var late = new SimulatedNode(new SimulatedStore(new InMemoryCacheStore(fleet.Server, "late")), fleet.Time);
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: TestContext.Current.CancellationToken);
        await fleet.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(0, late.Cache.GetStatistics().BackplaneGaps);
        Assert.Equal(1, (await late.Cache.TryGetAsync<int>("k", TestContext.Current.CancellationToken)).Value);
    }

    private SequenceTracker Tracker() => new(new CacheClock(_time));

    private static StoreMessage Change(string sender, long sequence) => new(StoreMessageKind.Set, sender, 0, sequence, "k", 1);

    private static StoreMessage Heartbeat(string sender, long sequence) => new(StoreMessageKind.Heartbeat, sender, 0, sequence, "", 0);
}
