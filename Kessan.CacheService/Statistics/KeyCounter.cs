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

    private readonly SemaphoreSlim _one = new(1, 1);
    private KeyCounts? _last;

    /// <summary>The counts, at most a minute old; null: Redis is away.</summary>
    public async Task<KeyCounts?> CountAsync(CancellationToken cancellationToken)
    {
        if (_last is { } known && time.GetUtcNow() - known.AsOf < Shelf) return known;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } counted && time.GetUtcNow() - counted.AsOf < Shelf) return counted;
            return _last = await ScanAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is RequestProblemException or CacheStoreException or TimeoutException)
        {
            return null;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<KeyCounts> ScanAsync(CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var seen = 0;
        string? cursor = null;
        do
        {
            var from = cursor;
            var page = await calls.AskAsync(StoreCalls.Long, (store, token) => store.ScanAsync("*", from, Page, token), cancellationToken);
            foreach (var key in page.Keys)
            {
                var type = CacheKeys.PrefixOf(CacheKeys.DataTypeOf(key));
                counts[type] = counts.GetValueOrDefault(type) + 1;
            }

            seen += page.Keys.Count;
            cursor = page.Cursor;
        }
        while (cursor is not null && seen < MostKeys);
        return new KeyCounts(counts, asOf, cursor is null);
    }
}
