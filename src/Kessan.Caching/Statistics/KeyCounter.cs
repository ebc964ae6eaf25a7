using Kessan.Caching.Keys;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Statistics;

/// <summary>Counts the store's entries by scanning, at most once a minute and up to a bound: statistics must not be a load.</summary>
internal sealed class KeyCounter(CacheNode node)
{
    public static readonly TimeSpan Shelf = TimeSpan.FromSeconds(60);

    private const int Page = 1000;

    private readonly Lock _lock = new();
    private Task<CacheKeyCounts?>? _counting;
    private CacheKeyCounts? _last;

    /// <summary>The most keys that one count looks at.</summary>
    public int MostKeys { get; init; } = 1_000_000;

    /// <summary>The counts, at most a minute old; <see langword="null"/>: the store is away.</summary>
    public async ValueTask<CacheKeyCounts?> CountAsync(CancellationToken cancellationToken)
    {
        Task<CacheKeyCounts?> counting;
        lock (_lock)
        {
            if (_last is { } known && node.Time.GetUtcNow() - known.AsOf < Shelf) return known;
            counting = _counting is { IsCompleted: false } running ? running : _counting = ScanAsync();
        }

        return await counting.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<CacheKeyCounts?> ScanAsync()
    {
        await Task.Yield(); // the caller holds the lock
        var asOf = node.Time.GetUtcNow();
        var counts = new Dictionary<CacheDataType, long>();
        var complete = true;
        try
        {
            // Not kept here too: what it counted a minute ago would be two minutes old.
            if (node.Store is { IsAvailable: true, Store: IKeyCountingStore store }) return await store.CountKeysAsync(CancellationToken.None).ConfigureAwait(false);
            if (node.Store is null)
            {
                foreach (var (key, _) in node.Local.Entries) Count(key);
            }
            else
            {
                complete = await ScanStoreAsync(node.Store.Store).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is CacheStoreException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            return null;
        }

        return _last = new CacheKeyCounts(counts, asOf, complete);

        void Count(string key)
        {
            var type = CacheKeys.DataTypeOf(key);
            counts[type] = counts.GetValueOrDefault(type) + 1;
        }

        async Task<bool> ScanStoreAsync(ICacheStore store)
        {
            if (node.StoreIsAway) throw new CacheStoreException("The store is away.");
            string? cursor = null;
            var seen = 0;
            do
            {
                var page = await store.ScanAsync("*", cursor, Page, CancellationToken.None).ConfigureAwait(false);
                foreach (var key in page.Keys) Count(key);
                seen += page.Keys.Count;
                cursor = page.Cursor;
            }
            while (cursor is not null && seen < MostKeys);
            return cursor is null;
        }
    }
}
