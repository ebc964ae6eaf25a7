using System.Collections.Concurrent;
using Kessan.Caching.Storage;

namespace Kessan.Testing.Simulation;

/// <summary>A store behind a network that a test rules: outages, waits, and messages that are lost, doubled, held back or overtaken.</summary>
public sealed class SimulatedStore(ICacheStore inner) : ICacheStore
{
    private readonly Lock _lock = new();
    private readonly List<SimulatedSubscription> _subscriptions = [];
    private readonly ConcurrentDictionary<string, int> _operationsBySubject = new(StringComparer.Ordinal);
    private Task _gate = Task.CompletedTask;
    private int _operations;

    /// <summary>Every operation fails at once.</summary>
    public bool IsAway { get; set; }

    /// <summary>Requests for leases fail at once; the rest works.</summary>
    public bool GrantsNothing { get; set; }

    /// <summary>Changes of these keys and tags are refused for good; the rest works.</summary>
    public Func<string, bool> Refuses { get; set; } = static _ => false;

    /// <summary>Reads of these keys and tags are refused for good, as to one who may only do the rest.</summary>
    public Func<string, bool> RefusesToRead { get; set; } = static _ => false;

    /// <summary>Operations on these keys and tags fail, as on those of a primary that is gone; the rest works.</summary>
    public Func<string, bool> HasLost { get; set; } = static _ => false;

    /// <summary>Operations wait for this before they reach the store; completed: they do not wait.</summary>
    public Task Gate
    {
        get => _gate;
        set => _gate = value;
    }

    /// <summary>Operations wait for this after they were carried out, before the answer arrives.</summary>
    public Task AnswerGate { get; set; } = Task.CompletedTask;

    /// <summary>The channel proves nothing any more, as for a process that is stopped.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Told of each message before it is handed to the node.</summary>
    public Action<StoreMessage> Delivered { get; set; } = static _ => { };

    /// <summary>Decides over each message on its way to this node; called under a lock.</summary>
    public Func<StoreMessage, MessageFate> Fate { get; set; } = static _ => MessageFate.Deliver;

    /// <summary>How many operations were begun, those of the node's own upkeep (warming, probes, tags) among them.</summary>
    public int Operations => Volatile.Read(ref _operations);

    public string Name => inner.Name;

    public string NodeId => inner.NodeId;

    /// <summary>How many operations on this key or tag were begun.</summary>
    public int OperationsOn(string subject) => _operationsBySubject.GetValueOrDefault(subject);

    public ValueTask<StoreReading> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
        => RunAsync(() => inner.GetAsync(key, options, cancellationToken), [key]);

    public ValueTask<StoreReading[]> GetManyAsync(IReadOnlyList<string> keys, StoreReadOptions options, CancellationToken cancellationToken)
        => RunAsync(() => inner.GetManyAsync(keys, options, cancellationToken), keys);

    public ValueTask<StoreWriteResult> SetAsync(StoreWrite write, CancellationToken cancellationToken)
        => RunAsync(() => inner.SetAsync(write, cancellationToken), changed: [write.Key]);

    public ValueTask<StoreWriteResult[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
        => RunAsync(() => inner.SetManyAsync(writes, cancellationToken), changed: writes.Select(write => write.Key));

    public ValueTask<StoreRemoval> RemoveAsync(string key, CancellationToken cancellationToken)
        => RunAsync(() => inner.RemoveAsync(key, cancellationToken), changed: [key]);

    public ValueTask<StoreRemoval[]> RemoveManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => RunAsync(() => inner.RemoveManyAsync(keys, cancellationToken), changed: keys);

    public ValueTask<long> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => RunAsync(() => inner.RemoveTagsAsync(tags, cancellationToken), changed: tags);

    public ValueTask<long[]> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => RunAsync(() => inner.GetTagGenerationsAsync(tags, cancellationToken), tags);

    public ValueTask<LeaseResult> AcquireLeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
        => GrantsNothing ? ValueTask.FromException<LeaseResult>(NoLeases()) : RunAsync(() => inner.AcquireLeaseAsync(request, cancellationToken), [request.Key]);

    public ValueTask<LeaseResult[]> AcquireLeasesAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
        => GrantsNothing
            ? ValueTask.FromException<LeaseResult[]>(NoLeases())
            : RunAsync(() => inner.AcquireLeasesAsync(requests, cancellationToken), requests.Select(request => request.Key));

    public ValueTask<bool> RenewLeaseAsync(string key, string nonce, TimeSpan duration, CancellationToken cancellationToken)
        => RunAsync(() => inner.RenewLeaseAsync(key, nonce, duration, cancellationToken), [key]);

    public async ValueTask ReleaseLeaseAsync(string key, string nonce, CancellationToken cancellationToken)
        => await RunAsync(
            async () =>
            {
                await inner.ReleaseLeaseAsync(key, nonce, cancellationToken);
                return true;
            },
            [key]);

    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
        => RunAsync(() => inner.TouchAsync(key, lifetime, cancellationToken), [key]);

    public ValueTask<KeyPage> ScanAsync(string pattern, string? cursor, int limit, CancellationToken cancellationToken)
        => RunAsync(() => inner.ScanAsync(pattern, cursor, limit, cancellationToken));

    public ValueTask<long> RemoveByPatternAsync(string pattern, CancellationToken cancellationToken)
        => RunAsync(() => inner.RemoveByPatternAsync(pattern, cancellationToken));

    public IAsyncDisposable Subscribe(IStoreSubscriber subscriber)
    {
        var subscription = new SimulatedSubscription(this, subscriber, _lock);
        lock (_lock) _subscriptions.Add(subscription);
        subscription.Start(inner);
        return subscription;
    }

    /// <summary>Delivers what was held back, in the order that <paramref name="order"/> gives.</summary>
    public void DeliverHeld(Func<IReadOnlyList<StoreMessage>, IEnumerable<StoreMessage>>? order = null)
    {
        SimulatedSubscription[] all;
        lock (_lock) all = [.. _subscriptions];
        foreach (var subscription in all) subscription.DeliverHeld(order);
    }

    /// <summary>Cuts the subscription: messages are lost until <see cref="Reconnect"/>.</summary>
    public void Cut()
    {
        SimulatedSubscription[] all;
        lock (_lock) all = [.. _subscriptions];
        foreach (var subscription in all) subscription.Cut();
    }

    /// <summary>Ends what <see cref="Cut"/> began.</summary>
    public void Reconnect()
    {
        SimulatedSubscription[] all;
        lock (_lock) all = [.. _subscriptions];
        foreach (var subscription in all) subscription.Reconnect();
    }

    internal void Forget(SimulatedSubscription subscription)
    {
        lock (_lock) _subscriptions.Remove(subscription);
    }

    private static CacheStoreException NoLeases() => new("The simulated store grants no leases.");

    private async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> operation, IEnumerable<string>? read = null, IEnumerable<string>? changed = null)
    {
        Interlocked.Increment(ref _operations);
        string[] subjects = [.. read ?? changed ?? []];
        foreach (var subject in subjects) _operationsBySubject.AddOrUpdate(subject, 1, static (_, count) => count + 1);
        if (!Gate.IsCompleted) await Gate;
        if (IsAway) throw new CacheStoreException("The simulated store is away.");
        if (subjects.Any(HasLost)) throw new CacheStoreException("A part of the simulated store is away.");
        if (changed?.Any(Refuses) == true || read?.Any(RefusesToRead) == true) throw new CacheStoreException("The simulated store refuses that.") { IsRefusal = true };
        var result = await operation();
        if (!AnswerGate.IsCompleted) await AnswerGate;
        return IsAway ? throw new CacheStoreException("The simulated store left before it answered.") : result;
    }
}
