using Kessan.CacheHost.Problems;
using Kessan.Caching.Keys;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Statistics;

/// <summary>Counts the entries in Redis by scanning, at most once a minute and up to a bound: statistics must not be a load.</summary>
internal sealed class KeyCounter(StoreCalls calls, TimeProvider time) : IDisposable
{
    private const int MostKeys = 1_000_000;
    private const int Page = 1000;

    private static readonly TimeSpan Shelf = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ending = new();
    private KeyCounts? _last;
    private Task<KeyCounts?>? _counting;

    /// <summary>
    /// The counts, at most a minute old; null: Redis is away. A count that takes long goes on behind, and the last one is answered, or null
    /// before the first. A caller that leaves ends its wait, not the count that others share.
    /// </summary>
    public async Task<KeyCounts?> CountAsync(CancellationToken cancellationToken)
    {
        Task<KeyCounts?> counting;
        lock (_lock)
        {
            if (_last is { } known && time.GetUtcNow() - known.AsOf < Shelf) return known;
            if (_counting is null or { IsCompleted: true }) _counting = RunAsync();
            counting = _counting;
        }

        try
        {
            return await counting.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            lock (_lock) return _last;
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task<KeyCounts?> RunAsync()
    {
        try
        {
            var counts = await ScanAsync(_ending.Token);
            lock (_lock) return _last = counts;
        }
        catch (Exception failure) when (failure is RequestProblemException or CacheStoreException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<KeyCounts> ScanAsync(CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var seen = new HashSet<ulong>(); // a scan may give a key twice; the hashes of a million keys are 30 MB, the keys would be 200
        string? cursor = null;
        do
        {
            var from = cursor;
            var page = await calls.AskAsync(StoreCalls.Long, (store, token) => store.ScanAsync("*", from, Page, token), cancellationToken);
            foreach (var key in page.Keys)
            {
                if (!seen.Add(HashOf(key))) continue;
                var type = CacheKeys.PrefixOf(CacheKeys.DataTypeOf(key));
                counts[type] = counts.GetValueOrDefault(type) + 1;
            }

            cursor = page.Cursor;
        }
        while (cursor is not null && seen.Count < MostKeys);
        return new KeyCounts(counts, asOf, cursor is null);
    }

    // FNV-1a: among a million keys a chance of one in 30 million that two are counted as one.
    private static ulong HashOf(string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in key) hash = (hash ^ character) * 1099511628211UL;
        return hash;
    }
}
