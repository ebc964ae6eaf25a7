using Kessan.Caching.Storage;

namespace Kessan.Caching.Redis;

public sealed partial class RedisCache
{
    private const int LargestPart = 4 << 20;

    /// <summary>Reads an entry; a sliding one (a session) lives on for its documented lifetime from now.</summary>
    /// <returns>The entry, possibly compressed, or <see langword="null"/>.</returns>
    public async Task<StoredEntry?> GetEntryAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return (await ReadAsync(key, ReadOptionsFor(key), cancellationToken).ConfigureAwait(false))?.Entry;
    }

    /// <summary>Writes an entry.</summary>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> SetEntryAsync(string key, StoredEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(entry);
        return await WriteAsync([new StoreWrite(key, entry)], cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Removes an entry.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (_guarded is null) return false;
        return Counted(await _guarded.RemoveAsync(key, cancellationToken).ConfigureAwait(false)) is { Existed: true };
    }

    /// <summary>Whether there is an entry that is still fresh.</summary>
    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken = default)
        => await GetTimeToLiveAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>How long an entry is still fresh; <see langword="null"/>: there is none. Does not extend a sliding one.</summary>
    public async Task<TimeSpan?> GetTimeToLiveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var reading = await ReadAsync(key, StoreReadOptions.Default, cancellationToken).ConfigureAwait(false);
        return reading?.Entry is { } entry && entry.FreshLeft > TimeSpan.Zero ? entry.FreshLeft : null;
    }

    /// <summary>The keys that match a pattern of <c>*</c> and <c>?</c>, each once, in no order.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="limit">The most keys; 1 and more.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<IReadOnlyList<string>> GetKeysAsync(string pattern, int limit = 10_000, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var from = cursor;
            var page = await TryAsync(
                "keys", store => store.ScanAsync(pattern, from, _store!.Options.ScanPageSize, cancellationToken).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            if (page is null) break;
            foreach (var key in page.Keys)
            {
                if (keys.Count < limit) keys.Add(key);
            }

            cursor = page.Cursor;
        }
        while (cursor is not null && keys.Count < limit);
        return [.. keys];
    }

    /// <summary>Reads many entries in one round trip per server; missing ones are left out.</summary>
    public async Task<IReadOnlyDictionary<string, StoredEntry>> GetEntriesAsync(
        IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] distinct = [.. keys.Distinct(StringComparer.Ordinal)];
        var readings = await ReadManyAsync(distinct, cancellationToken).ConfigureAwait(false);
        var found = new Dictionary<string, StoredEntry>(StringComparer.Ordinal);
        for (var i = 0; i < readings.Length; i++)
        {
            if (readings[i].Entry is { } entry) found[distinct[i]] = entry;
        }

        return found;
    }

    /// <summary>Writes many entries in one round trip per server.</summary>
    /// <returns>How many were written.</returns>
    public async Task<int> SetEntriesAsync(IReadOnlyDictionary<string, StoredEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return await WriteAsync([.. entries.Select(entry => new StoreWrite(entry.Key, entry.Value))], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes all entries that match a pattern of <c>*</c> and <c>?</c>.</summary>
    /// <returns>How many there were.</returns>
    public Task<long> FlushPatternAsync(string pattern, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return TryAsync("flush", store => store.RemoveByPatternAsync(pattern, cancellationToken).AsTask(), cancellationToken);
    }

    /// <summary>
    /// Removes what nothing else would: entries and leases without an end of life, index members whose entry is gone.
    /// </summary>
    /// <param name="limit">The most keys to look at; 1 and more.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<CleanupReport> CleanUpExpiredAsync(int limit = 1_000_000, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await TryAsync("clean up", store => store.Cleaner.RunAsync(limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false) ?? CleanupReport.None;
    }

    private async Task<StoreReading?> ReadAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
        => _guarded is null ? null : Counted(await _guarded.GetAsync(key, options, cancellationToken).ConfigureAwait(false));

    /// <summary>In parts; what comes after one that was not carried out is not asked for.</summary>
    private async Task<StoreReading[]> ReadManyAsync(string[] keys, CancellationToken cancellationToken)
    {
        if (_guarded is null || keys.Length == 0) return [];
        var readings = new List<StoreReading>(keys.Length);
        foreach (var part in keys.Chunk(GuardedStore.LargestBatch))
        {
            if (Counted(await _guarded.GetManyAsync(part, cancellationToken).ConfigureAwait(false)) is not { } found) break;
            readings.AddRange(found);
        }

        return [.. readings];
    }

    /// <summary>In parts; what comes after one that was not carried out is not written.</summary>
    private async Task<int> WriteAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
    {
        if (_guarded is null) return 0;
        var written = 0;
        foreach (var part in Parts(writes))
        {
            if (Counted(await _guarded.SetManyAsync(part, cancellationToken).ConfigureAwait(false)) is not { } results) break;
            written += results.Count(static result => result.Stored);
        }

        return written;
    }

    private static IEnumerable<List<StoreWrite>> Parts(IReadOnlyList<StoreWrite> writes)
    {
        List<StoreWrite> part = [];
        long bytes = 0;
        foreach (var write in writes)
        {
            if (part.Count > 0 && (part.Count == GuardedStore.LargestBatch || bytes + write.Entry.Payload.Length > LargestPart))
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(write);
            bytes += write.Entry.Payload.Length;
        }

        if (part.Count > 0) yield return part;
    }

    private StoreReadOptions ReadOptionsFor(string key)
        => _lifetimes.ForKey(key) is { Sliding: true } lifetime
            ? new StoreReadOptions { Slide = lifetime.Fresh, SlideLimit = lifetime.SlideLimit }
            : StoreReadOptions.Default;
}
