using System.Collections.Concurrent;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.Testing.Simulation;

/// <summary>
/// A consumer's store when cache services stand between it and the store itself: each call goes to the replica that the test names, the
/// events come from one of them. What the HTTP client does, without HTTP.
/// </summary>
/// <param name="consumer">The consumer's name.</param>
/// <param name="services">The replicas' entries.</param>
/// <param name="time">The clock.</param>
public sealed class ServiceChain(string consumer, IReadOnlyList<CacheEntries> services, TimeProvider time) : ICacheStore
{
    private static readonly TimeSpan ChangeMemory = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (long Version, DateTimeOffset Until)> _changes = [];
    private int _calls;

    /// <summary>Chooses the replica of the n-th call.</summary>
    public Func<int, int> Route { get; set; } = static call => call;

    /// <summary>The replica whose events the consumer hears.</summary>
    public int EventsFrom { get; init; }

    public string Name => "chain";

    public string NodeId => consumer;

    private CacheEntries Next => services[Math.Abs(Route(Interlocked.Increment(ref _calls))) % services.Count];

    public async ValueTask<StoreReading> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
    {
        var known = Known(key);
        for (var attempt = 0; ; attempt++)
        {
            var found = await Next.GetAsync(key, pastL1: options.NoCache || known > 0 || attempt > 0, cancellationToken);
            if (!found.Found || found.IsStale) return default;
            if (found.Version < known && attempt < 3) continue;
            return found.Version < known ? default : new StoreReading(found.Value! with { Age = found.Age, Version = found.Version }, TagsVerified: true);
        }
    }

    public async ValueTask<StoreReading[]> GetManyAsync(IReadOnlyList<string> keys, StoreReadOptions options, CancellationToken cancellationToken)
    {
        var readings = new StoreReading[keys.Count];
        for (var i = 0; i < readings.Length; i++) readings[i] = await GetAsync(keys[i], options, cancellationToken);
        return readings;
    }

    public async ValueTask<StoreWriteResult> SetAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        var outcome = await Next.SetAsync(write, cancellationToken);
        if (outcome.Status is EntryWriteStatus.LocalOnly or EntryWriteStatus.Unavailable) throw new CacheStoreException("Only a replica has it.");
        if (outcome.Status == EntryWriteStatus.Stored) Remember(write.Key, outcome.Version);
        return new StoreWriteResult(outcome.Status == EntryWriteStatus.Stored, outcome.Version);
    }

    public async ValueTask<StoreWriteResult[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
    {
        var results = new StoreWriteResult[writes.Count];
        for (var i = 0; i < results.Length; i++) results[i] = await SetAsync(writes[i], cancellationToken);
        return results;
    }

    public async ValueTask<StoreRemoval> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var removal = await Next.RemoveAsync(key, cancellationToken) ?? throw new CacheStoreException("The store is away.");
        Remember(key, removal.Version);
        return removal;
    }

    public async ValueTask<StoreRemoval[]> RemoveManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var removals = new StoreRemoval[keys.Count];
        for (var i = 0; i < removals.Length; i++) removals[i] = await RemoveAsync(keys[i], cancellationToken);
        return removals;
    }

    public async ValueTask<long> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => await Next.RemoveTagsAsync(tags, cancellationToken) ?? throw new CacheStoreException("The store is away.");

    public ValueTask<long[]> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => Next.Store!.GetTagGenerationsAsync(tags, cancellationToken);

    public async ValueTask<LeaseResult> AcquireLeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        // The replica answers from the store itself; a value that is older than what the consumer knows of is none.
        var known = Known(request.Key);
        if (known > 0) request = request with { UnwantedVersion = Math.Max(request.UnwantedVersion, known - 1) };
        return await Next.AcquireLeaseAsync(request, TimeSpan.Zero, cancellationToken) ?? throw new CacheStoreException("The store is away.");
    }

    public async ValueTask<LeaseResult[]> AcquireLeasesAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        var results = new LeaseResult[requests.Count];
        for (var i = 0; i < results.Length; i++) results[i] = await AcquireLeaseAsync(requests[i], cancellationToken);
        return results;
    }

    public ValueTask<bool> RenewLeaseAsync(string key, string nonce, TimeSpan duration, CancellationToken cancellationToken)
        => Next.Store!.RenewLeaseAsync(key, nonce, duration, cancellationToken);

    public ValueTask ReleaseLeaseAsync(string key, string nonce, CancellationToken cancellationToken)
        => Next.Store!.ReleaseLeaseAsync(key, nonce, cancellationToken);

    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
        => Next.Store!.TouchAsync(key, lifetime, cancellationToken);

    public ValueTask<KeyPage> ScanAsync(string pattern, string? cursor, int limit, CancellationToken cancellationToken)
        => Next.Store!.ScanAsync(pattern, cursor, limit, cancellationToken);

    public ValueTask<long> RemoveByPatternAsync(string pattern, CancellationToken cancellationToken)
        => Next.Store!.RemoveByPatternAsync(pattern, cancellationToken);

    public IAsyncDisposable Subscribe(IStoreSubscriber subscriber)
    {
        var relay = new Relay(this, subscriber, $"service-{EventsFrom}");
        relay.Source = services[EventsFrom].Subscribe(relay);
        subscriber.OnAlive(TimeSpan.Zero);
        return relay;
    }

    private long Known(string key) => _changes.TryGetValue(key, out var change) && change.Until > time.GetUtcNow() ? change.Version : 0;

    private void Remember(string key, long version) => _changes.AddOrUpdate(
        key,
        static (_, added) => added,
        static (_, old, added) => old.Version > added.Version ? old : added,
        (Version: version, Until: time.GetUtcNow() + ChangeMemory));

    /// <summary>A replica's events under its own name and numbers.</summary>
    private sealed class Relay(ServiceChain chain, IStoreSubscriber target, string sender) : IStoreSubscriber, IAsyncDisposable
    {
        private long _sequence;

        public IDisposable? Source { get; set; }

        public void OnMessage(in StoreMessage message)
        {
            if (message.Kind is StoreMessageKind.Heartbeat or StoreMessageKind.Void) return;
            if (message.Kind is StoreMessageKind.Set or StoreMessageKind.Removed) chain.Remember(message.Subject, message.Version);
            target.OnMessage(message with { Sender = sender, Shard = 0, Sequence = Interlocked.Increment(ref _sequence) });
        }

        public void OnAlive(TimeSpan age)
        {
            target.OnMessage(new StoreMessage(StoreMessageKind.Heartbeat, sender, 0, Interlocked.Read(ref _sequence), "", 0));
            target.OnAlive(age);
        }

        public void OnLost() => target.OnLost();

        public void OnServerChanged() => target.OnServerChanged();

        public ValueTask DisposeAsync()
        {
            Source?.Dispose();
            return default;
        }
    }
}
