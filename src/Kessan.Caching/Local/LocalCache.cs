using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using BitFaster.Caching;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Scheduler;

namespace Kessan.Caching.Local;

/// <summary>
/// L1: W-TinyLFU admission and eviction by BitFaster, bounded by entries there and by bytes here. Expiry is the entries' own affair.
/// </summary>
internal sealed class LocalCache
{
    /// <summary>What an entry costs beside its key's characters and its payload.</summary>
    public const int BookkeepingBytes = 160;

    private readonly ConcurrentLfu<string, LocalEntry> _entries;
    private readonly IAlternateLookup<ReadOnlySpan<char>, string, LocalEntry> _bySpan; // made once: making it allocates
    private readonly Lock _trimming = new();
    private readonly long _maximumBytes;
    private long _bytes;
    private long _count;
    private long _evictions;

    public LocalCache(int maximumEntries, long maximumBytes)
    {
        _maximumBytes = maximumBytes;
        var built = new ConcurrentLfuBuilder<string, LocalEntry>()
            .WithCapacity(maximumEntries)
            .WithKeyComparer(StringComparer.Ordinal)
            .WithScheduler(new ThreadPoolScheduler())
            .WithEvents()
            .Build();
        _entries = (ConcurrentLfu<string, LocalEntry>)built;
        _bySpan = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        var events = _entries.Events.Value!;
        events.ItemRemoved += (_, removed) => OnRemoved(removed.Value, removed.Reason);
        events.ItemUpdated += (_, updated) =>
        {
            if (!ReferenceEquals(updated.OldValue, updated.NewValue)) Release(updated.OldValue);
        };
    }

    // BitFaster's own Count walks its table.
    public int Count => (int)Math.Max(0, Interlocked.Read(ref _count));

    public long Bytes => Math.Max(0, Interlocked.Read(ref _bytes));

    /// <summary>Entries that left for want of room.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(string key, [NotNullWhen(true)] out LocalEntry? entry) => _entries.TryGet(key, out entry);

    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out LocalEntry? entry) => _bySpan.TryGet(key, out entry);

    /// <summary>Puts an entry; one that is larger than all of L1 is not kept.</summary>
    public void Put(string key, LocalEntry entry)
    {
        if (entry.Size > _maximumBytes)
        {
            Remove(key);
            return;
        }

        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, entry.Size);
        _entries.AddOrUpdate(key, entry);
        if (Interlocked.Read(ref _bytes) > _maximumBytes) TrimToSize();
    }

    public void Remove(string key)
    {
        if (_entries.TryRemove(key, out var entry)) Release(entry);
    }

    /// <summary>Removes exactly this entry, not one that replaced it.</summary>
    public void Remove(string key, LocalEntry entry)
    {
        if (_entries.TryRemove(new KeyValuePair<string, LocalEntry>(key, entry))) Release(entry);
    }

    public void Clear() => _entries.Clear();

    /// <summary>Removes the entries that are not even good as a stale answer any more.</summary>
    public int RemoveExpired(long now)
    {
        var count = 0;
        foreach (var (key, entry) in _entries)
        {
            if (entry.StaleUntil > now) continue;
            Remove(key, entry);
            count++;
        }

        return count;
    }

    public IEnumerable<KeyValuePair<string, LocalEntry>> Entries => _entries;

    private void TrimToSize()
    {
        lock (_trimming)
        {
            _entries.DoMaintenance(); // first what is removed already but not yet given back
            if (Interlocked.Read(ref _bytes) <= _maximumBytes) return;
            var target = _maximumBytes - _maximumBytes / 32; // a little more than needed, so that not every entry trims again
            while (Interlocked.Read(ref _bytes) is var bytes && bytes > target && Count is var count and > 0)
            {
                var average = Math.Max(1, bytes / count);
                _entries.Trim((int)Math.Min((bytes - target) / average + 1, count));
                _entries.DoMaintenance();
            }
        }
    }

    private void OnRemoved(LocalEntry? entry, ItemRemovedReason reason)
    {
        if (reason is ItemRemovedReason.Evicted or ItemRemovedReason.Trimmed) Interlocked.Increment(ref _evictions);
        Release(entry);
    }

    private void Release(LocalEntry? entry)
    {
        if (entry is null || !entry.TryRelease()) return;
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -entry.Size);
    }
}
