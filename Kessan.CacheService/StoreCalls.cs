using Kessan.CacheHost.Problems;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost;

/// <summary>
/// What is asked of the store itself, past the cache: scans, renewals, generations. Bounded in time; when the store is away the
/// request fails (503) instead of pretending.
/// </summary>
internal sealed class StoreCalls(CacheEntries entries, TimeProvider time)
{
    /// <summary>How long a single step may take.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    /// <summary>How long a scan or a removal by pattern may take.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    public Task<T> AskAsync<T>(TimeSpan patience, Func<ICacheStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        if (entries.Store is not { } store || !entries.StoreIsAvailable) throw RequestProblem.StoreAway.AsException();
        return call(store, cancellationToken).AsTask().WaitAsync(patience, time, cancellationToken);
    }

    /// <summary>Whether none of an entry's tags was invalidated since it was made, for readers that cannot compare them.</summary>
    public async Task<bool> HasCurrentTagsAsync(StoreReading reading, CancellationToken cancellationToken)
    {
        if (reading.TagsVerified || reading.Entry is not { Tags: { Count: > 0 } tags }) return true;
        string[] names = [.. tags.Select(static tag => tag.Tag)];
        return tags.Select(static tag => tag.Generation).SequenceEqual(await GetGenerationsAsync(names, cancellationToken));
    }

    /// <summary>The generations of tags, in order; not while one is older than an invalidation that the store has not heard of.</summary>
    public Task<long[]> GetGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => tags.Any(entries.IsTagPending)
            ? throw RequestProblem.StoreAway.AsException()
            : AskAsync(Short, (store, token) => store.GetTagGenerationsAsync(tags, token), cancellationToken);
}
