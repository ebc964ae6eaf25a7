namespace Kessan.Caching.Storage;

/// <summary>
/// The second layer (L2) as the engine sees it: entries, tag generations, leases and messages that all nodes share. Redis and the
/// cache service are the adapters; the in-memory one serves tests and single-process programs.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Every member throws <see cref="CacheStoreException"/> when the store cannot be reached or answers
/// with an error, and <see cref="OperationCanceledException"/> when the caller's token ends the wait; the engine's accessor turns both
/// into a miss and counts them. Between machines only remaining times travel, never instants.
/// </remarks>
public interface ICacheStore
{
    /// <summary>What the store is, for logs and metrics: <c>redis</c>, <c>service</c> or <c>memory</c>.</summary>
    string Name { get; }

    /// <summary>The sender that stands in messages which this node caused; unique per process start.</summary>
    string NodeId { get; }

    /// <summary>Reads one entry, fresh or (if the store keeps them) stale.</summary>
    /// <returns>The entry as the store has it now; tags are not checked unless <see cref="StoreReading.TagsVerified"/> says so.</returns>
    ValueTask<StoreReading> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken);

    /// <summary>Reads many entries in one round trip per shard; the answer has the order of <paramref name="keys"/>.</summary>
    ValueTask<StoreReading[]> GetManyAsync(IReadOnlyList<string> keys, StoreReadOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Writes one entry, voids the key's lease and publishes the change, all in one atomic step. The store issues the version; the
    /// <see cref="StoredEntry.Version"/> of the argument is ignored.
    /// </summary>
    ValueTask<StoreWriteResult> SetAsync(StoreWrite write, CancellationToken cancellationToken);

    /// <summary>Writes many entries in one round trip per shard; each is atomic by itself and has its own outcome, in order.</summary>
    ValueTask<StoreWriteResult[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken);

    /// <summary>Removes one entry, voids the key's lease and publishes the change, all in one atomic step.</summary>
    ValueTask<StoreRemoval> RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes many entries in one round trip per shard; the answer has the order of <paramref name="keys"/>.</summary>
    ValueTask<StoreRemoval[]> RemoveManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Gives each tag a new, unique generation and publishes that, so that no entry written under an older one is served again.
    /// </summary>
    /// <returns>How many entries left the store at once, for tags that the store counts (<c>stock:</c>); 0 for others.</returns>
    ValueTask<long> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>Reads the tags' current generations, making the missing ones anew; the answer has the order of <paramref name="tags"/>.</summary>
    ValueTask<long[]> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>Asks for the right to fill a key. Does not wait: a held lease is answered with the time it has left.</summary>
    ValueTask<LeaseResult> AcquireLeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Asks for many leases in one round trip per shard; the answer has the order of <paramref name="requests"/>.</summary>
    ValueTask<LeaseResult[]> AcquireLeasesAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken);

    /// <summary>Extends a lease that is still held with this nonce.</summary>
    /// <returns><see langword="false"/> if the lease ran out or was voided by a write or an invalidation.</returns>
    ValueTask<bool> RenewLeaseAsync(string key, string nonce, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives a lease back without a value and publishes that, so that waiters try at once. No effect on somebody else's lease.</summary>
    ValueTask ReleaseLeaseAsync(string key, string nonce, CancellationToken cancellationToken);

    /// <summary>
    /// Gives an entry a new fresh lifetime from now on, without reading it. The entry gets a new version, and that is published: other nodes
    /// hold it with its old life.
    /// </summary>
    /// <returns><see langword="false"/> if there is no such entry.</returns>
    ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>One page of the keys that match a glob pattern (<c>*</c> and <c>?</c>); duplicates are possible.</summary>
    /// <exception cref="ArgumentException">The cursor is none that this store gave out.</exception>
    ValueTask<KeyPage> ScanAsync(string pattern, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Removes all entries whose keys match a glob pattern and publishes each.</summary>
    ValueTask<long> RemoveByPatternAsync(string pattern, CancellationToken cancellationToken);

    /// <summary>
    /// Starts to deliver messages, from now until the returned subscription is disposed. Messages of this node are delivered too
    /// (<see cref="StoreMessage.Sender"/> is <see cref="NodeId"/>). Returns at once; the state comes through the subscriber.
    /// </summary>
    IAsyncDisposable Subscribe(IStoreSubscriber subscriber);
}
