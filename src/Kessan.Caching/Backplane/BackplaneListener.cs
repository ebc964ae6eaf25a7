using Kessan.Caching.Filling;
using Kessan.Caching.Storage;
using Kessan.Caching.Telemetry;

namespace Kessan.Caching.Backplane;

/// <summary>Lets L1 follow what other nodes do, and notices when it missed something.</summary>
internal sealed class BackplaneListener : IStoreSubscriber, IAsyncDisposable
{
    private const int RecentAttempts = 60;
    private const int RepairInterval = 500; // milliseconds
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RecentInterval = TimeSpan.FromMilliseconds(250);

    private readonly CacheNode _node;
    private readonly ICacheStore _store;
    private readonly SequenceTracker _sequences;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly IAsyncDisposable _subscription;
    private readonly CancellationTokenSource _stopping = new();
    private int _repairing;
    private long _repairNotBefore;

    public BackplaneListener(CacheNode node, ICacheStore store)
    {
        _node = node;
        _store = store;
        _sequences = new SequenceTracker(node.Clock);
        _timer = node.Time.CreateTimer(static state => ((BackplaneListener)state!).Check(), this, CheckInterval, CheckInterval);
        _subscription = store.Subscribe(this);
    }

    public void OnMessage(in StoreMessage message)
    {
        SequenceFinding finding;
        lock (_lock) finding = _sequences.Observe(message);
        if (finding != SequenceFinding.Whole) Distrust(isLoss: finding == SequenceFinding.Lost);

        switch (message.Kind)
        {
            case StoreMessageKind.Set or StoreMessageKind.Removed:
                FollowKey(message);
                break;
            case StoreMessageKind.TagRemoved when message.Sender != _store.NodeId:
                Invalidation.FollowTag(_node, message.Subject);
                break;
            case StoreMessageKind.LeaseReleased:
                WakeWaiters(message.Subject);
                break;
            default:
                break; // voids and heartbeats only move the sequences
        }

        _node.Events.Publish(message);
    }

    public void OnAlive(TimeSpan age)
    {
        _node.Store!.Breaker.Hint();
        _node.Trust.Prove(age);
        _node.Metrics.Lag(age);
        _node.Events.PublishAlive(age);
    }

    public void OnLost()
    {
        lock (_lock) _sequences.Clear();
        _node.Trust.Lose();
        WakeAll();
        _node.Events.PublishLost();
    }

    public void OnServerChanged()
    {
        _node.Trust.Distrust(isLoss: true);
        _node.Events.PublishServerChanged(); // whoever follows this node may hold what the server has lost, and have written it
        using (ExecutionContext.SuppressFlow())
        {
            _ = CheckRecentAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _subscription.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void FollowKey(in StoreMessage message)
    {
        var isOwn = message.Sender == _store.NodeId;
        if (_node.Activities.Find(message.Subject) is { } activity)
        {
            lock (activity.Lock)
            {
                // What this node does itself through the cache, its writers fence; the rest (a pattern, the low-level client) is in the version.
                if (!isOwn) activity.Changed(message.Version);
                activity.Know(message.Version);
                activity.Wake();
            }
        }

        if (!_node.Local.TryGet(message.Subject, out var entry)) return;
        if (isOwn && entry.Version == 0 && (entry.IsLocalOnly || _node.Journal.HoldsKey(message.Subject))) return; // this node's own, newer than anything the store says of it
        if (message.Version == 0 || entry.Version < message.Version) _node.Local.Remove(message.Subject, entry);
    }

    private void WakeWaiters(string key)
    {
        if (_node.Activities.Find(key) is not { } activity) return;
        lock (activity.Lock) activity.Wake();
    }

    private void WakeAll()
    {
        foreach (var activity in _node.Activities.All)
        {
            lock (activity.Lock) activity.Wake();
        }
    }

    private void Check()
    {
        bool lost;
        lock (_lock) lost = _sequences.Check();
        if (lost) Distrust(isLoss: true);
        if (_node.Journal.IsEmpty || _node.StoreIsAway || _node.Clock.Now < Volatile.Read(ref _repairNotBefore)) return;
        if (Interlocked.Exchange(ref _repairing, 1) == 0) _ = RepairAsync();
    }

    /// <summary>A write passed the soft timeout, but the breaker never opened: it is repeated all the same.</summary>
    private async Task RepairAsync()
    {
        try
        {
            await _node.Repair!.RepairAsync(_stopping.Token).ConfigureAwait(false);
            if (_node.Repair.HasLeft) Postpone();
        }
        catch (Exception failure) when (failure is CacheStoreException or TimeoutException or OperationCanceledException)
        {
            Log.StoreFailed(_node.Logger, _store.Name, failure);
            Postpone();
        }
        finally
        {
            Volatile.Write(ref _repairing, 0);
        }

        void Postpone() => Volatile.Write(ref _repairNotBefore, _node.Clock.Now + RepairInterval);
    }

    private void Distrust(bool isLoss)
    {
        if (isLoss) Log.MessagesLost(_node.Logger);
        _node.Trust.Distrust(isLoss);
        WakeAll();
        _node.Events.PublishLost();
    }

    /// <summary>
    /// Right after a failover the store may not answer yet: it is tried for as long as the writes are young. After that they are repeated like those
    /// of an outage, when the store is back.
    /// </summary>
    private async Task CheckRecentAsync()
    {
        Log.ServerChanged(_node.Logger);
        var recent = _node.Recent.Take();
        for (var attempt = 0; attempt < RecentAttempts && !_stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                await _node.Repair!.CheckAsync(recent, _stopping.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (failure is CacheStoreException or TimeoutException or OperationCanceledException)
            {
                Log.StoreFailed(_node.Logger, _store.Name, failure);
                await Task.Delay(RecentInterval, _node.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _node.Journal.Record(recent);
    }
}
