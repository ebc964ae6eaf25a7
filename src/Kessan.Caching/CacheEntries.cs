using Kessan.Caching.Storage;

namespace Kessan.Caching;

/// <summary>
/// The cache as encoded entries, for a host that lends it to others: the same first layer, the same store and the same rules as
/// <c>KessanHybridCache</c>, without types and sources.
/// </summary>
/// <remarks>Safe for concurrent use. No member throws because the store is away; each says in its result what could not be done.</remarks>
public abstract class CacheEntries
{
    /// <summary>The store behind the cache; <see langword="null"/> when the cache is L1 only.</summary>
    public abstract ICacheStore? Store { get; }

    /// <summary>Whether the store answers at present (its breaker is closed).</summary>
    public abstract bool StoreIsAvailable { get; }

    /// <summary>How many changes of this node the store has not heard of, because it was away.</summary>
    public abstract int PendingChanges { get; }

    /// <summary>Whether this node changed the key without the store's knowing: what stands there is older, also when the store answers again.</summary>
    public abstract bool IsPending(string key);

    /// <summary>The same for a tag: its generation in the store is older than its invalidation here.</summary>
    public abstract bool IsTagPending(string tag);

    /// <summary>Tells the store now what it has not heard of, as it is told by itself when it is back.</summary>
    /// <returns>Whether it has heard everything.</returns>
    public abstract ValueTask<bool> TryHandInAsync(CancellationToken cancellationToken);

    /// <summary>Reads one entry.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pastL1">Read the store itself, also when L1 has the entry.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask<CacheLookup<StoredEntry>> GetAsync(string key, bool pastL1, CancellationToken cancellationToken);

    /// <summary>Reads one entry if L1 answers, at once; counts only what it found.</summary>
    /// <returns><see langword="false"/>: <see cref="GetAsync"/> may find more.</returns>
    public abstract bool TryGetFromL1(string key, out CacheLookup<StoredEntry> lookup);

    /// <summary>Reads many entries; the answer has the order of <paramref name="keys"/>.</summary>
    public abstract ValueTask<CacheLookup<StoredEntry>[]> GetManyAsync(IReadOnlyList<string> keys, bool pastL1, CancellationToken cancellationToken);

    /// <summary>Writes one entry in both layers.</summary>
    /// <param name="write">What to write; tags without a generation (0) get the current one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask<EntryWriteOutcome> SetAsync(StoreWrite write, CancellationToken cancellationToken);

    /// <summary>Writes many entries; each has its own outcome, in order.</summary>
    public abstract ValueTask<EntryWriteOutcome[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken);

    /// <summary>Removes one entry from both layers.</summary>
    /// <returns><see langword="null"/>: the store is away, the removal is queued and done in this node's L1.</returns>
    public abstract ValueTask<StoreRemoval?> RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>Invalidates tags.</summary>
    /// <returns>The number of counted entries (see <see cref="ICacheStore.RemoveTagsAsync"/>); <see langword="null"/>: the store is away.</returns>
    public abstract ValueTask<long?> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the store for a lease and, if another holds it, waits for its value, its release or its end, at most <paramref name="wait"/>.
    /// </summary>
    /// <returns><see langword="null"/>: the store is away.</returns>
    public abstract ValueTask<LeaseResult?> AcquireLeaseAsync(LeaseRequest request, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>
    /// Hears of every change after this node's own L1 has followed it. Calls come one at a time; <see cref="IStoreSubscriber.OnLost"/>
    /// means that this node missed messages.
    /// </summary>
    public abstract IDisposable Subscribe(IStoreSubscriber subscriber);
}
