using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using BitFaster.Caching;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Scheduler;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Local;

/// <summary>
/// L1: W-TinyLFU admission and eviction by BitFaster, bounded by entries there and by bytes here. Expiry is the entries' own affair.
/// </summary>
/// <remarks>
/// <para>A look-up goes to a dictionary beside the policy's own: the policy notes every read in a buffer and works it off on another thread,
/// which costs a hot key several times the look-up itself. So it hears of an entry once per tick of the system's coarse clock
/// (1 to 16 ms): enough to tell what is used often from what is not.</para>
/// <para>The policy decides what is in: the dictionary is written before it, and an entry leaves the dictionary with the policy's word that it
/// left there, whatever order two writers of one key had. An entry that only the policy has is a miss. One that replaced another at the moment at which the
/// policy threw that out may be in the dictionary alone, until its end or until it is replaced; so whoever takes an entry out of either gives its bytes
/// back, which counts once.</para>
/// </remarks>
internal sealed class LocalCache : IDisposable
{
    /// <summary>What an entry costs beside its key's characters and its payload.</summary>
    public const int BookkeepingBytes = 160;

    // Growing later holds up everybody who writes.
    private const int RoomAtFirst = 20_000;

    private readonly ConcurrentDictionary<string, LocalEntry> _index;
    private readonly ConcurrentDictionary<string, LocalEntry>.AlternateLookup<ReadOnlySpan<char>> _indexBySpan;
    private readonly ConcurrentLfu<string, LocalEntry> _policy;
    private readonly IAlternateLookup<ReadOnlySpan<char>, string, LocalEntry> _policyBySpan; // made once: making it allocates
    private readonly Lock _trimming = new();
    private readonly long _maximumBytes;
    private readonly bool _notesEveryRead;
    private readonly DeferredScheduler? _scheduler;
    private long _bytes;
    private long _count;
    private long _evictions;

    public LocalCache(int maximumEntries, long maximumBytes, CacheClock clock)
    {
        _maximumBytes = maximumBytes;
        _index = new(Environment.ProcessorCount, Math.Clamp(maximumEntries, 1, RoomAtFirst), StringComparer.Ordinal);
        _notesEveryRead = !clock.IsSystem; // a test's clock may stand still for ever
        _scheduler = clock.IsSystem ? new DeferredScheduler() : null; // a test waits for the thread pool, not for timers
        var built = new ConcurrentLfuBuilder<string, LocalEntry>()
            .WithCapacity(maximumEntries)
            .WithKeyComparer(StringComparer.Ordinal)
            .WithScheduler(_scheduler is null ? new ThreadPoolScheduler() : _scheduler)
            .WithEvents()
            .Build();
        _policy = (ConcurrentLfu<string, LocalEntry>)built;
        _policyBySpan = _policy.GetAlternateLookup<ReadOnlySpan<char>>();
        _indexBySpan = _index.GetAlternateLookup<ReadOnlySpan<char>>();
        var events = _policy.Events.Value!;
        events.ItemRemoved += (_, removed) => OnRemoved(removed.Key, removed.Value, removed.Reason);
        events.ItemUpdated += (_, updated) =>
        {
            if (!ReferenceEquals(updated.OldValue, updated.NewValue)) Release(updated.Key, updated.OldValue);
        };
    }

    // BitFaster's own Count walks its table.
    public int Count => (int)Math.Max(0, Interlocked.Read(ref _count));

    public long Bytes => Math.Max(0, Interlocked.Read(ref _bytes));

    /// <summary>Entries that left for want of room.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(string key, [NotNullWhen(true)] out LocalEntry? entry) => _index.TryGetValue(key, out entry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out LocalEntry? entry) => _indexBySpan.TryGetValue(key, out entry);

    /// <summary>Tells the policy of a hit, unless it has heard of one at this instant already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Use(string key, LocalEntry entry, long now)
    {
        if (entry.UsedAt != now || _notesEveryRead) Note(key, entry, now);
    }

    /// <inheritdoc cref="Use(string, LocalEntry, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Use(ReadOnlySpan<char> key, LocalEntry entry, long now)
    {
        if (entry.UsedAt != now || _notesEveryRead) Note(key, entry, now);
    }

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
        _index.TryGetValue(key, out var before);
        _index[key] = entry;
        if (!ReferenceEquals(before, entry)) Release(key, before);
        _policy.AddOrUpdate(key, entry);
        _scheduler?.Wrote();
        if (Interlocked.Read(ref _bytes) > _maximumBytes) TrimToSize();
    }

    public void Remove(string key)
    {
        if (_index.TryRemove(key, out var indexed)) Release(key, indexed);
        if (_policy.TryRemove(key, out var entry)) Release(key, entry);
    }

    /// <summary>Removes exactly this entry, not one that replaced it.</summary>
    public void Remove(string key, LocalEntry entry)
    {
        var pair = new KeyValuePair<string, LocalEntry>(key, entry);
        if (_index.TryRemove(pair) | _policy.TryRemove(pair)) Release(key, entry);
    }

    public void Dispose() => _scheduler?.Dispose();

    public void Clear() => _policy.Clear();

    /// <summary>Removes the entries that are not even good as a stale answer any more.</summary>
    public int RemoveExpired(long now)
    {
        var count = 0;
        foreach (var (key, entry) in _index)
        {
            if (entry.StaleUntil > now) continue;
            Remove(key, entry);
            count++;
        }

        _policy.DoMaintenance(); // what left is given back now, not with the next writes
        return count;
    }

    public IEnumerable<KeyValuePair<string, LocalEntry>> Entries => _index;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Note(string key, LocalEntry entry, long now)
    {
        entry.UsedAt = now;
        _policy.TryGet(key, out _);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Note(ReadOnlySpan<char> key, LocalEntry entry, long now)
    {
        entry.UsedAt = now;
        _policyBySpan.TryGet(key, out _);
    }

    private void TrimToSize()
    {
        lock (_trimming)
        {
            _policy.DoMaintenance(); // first what is removed already but not yet given back
            if (Interlocked.Read(ref _bytes) <= _maximumBytes) return;
            var target = _maximumBytes - _maximumBytes / 32; // a little more than needed, so that not every entry trims again
            while (Interlocked.Read(ref _bytes) is var bytes && bytes > target && Count is var count and > 0)
            {
                var average = Math.Max(1, bytes / count);
                _policy.Trim((int)Math.Min((bytes - target) / average + 1, count));
                _policy.DoMaintenance();
            }
        }
    }

    private void OnRemoved(string key, LocalEntry? entry, ItemRemovedReason reason)
    {
        if (reason is ItemRemovedReason.Evicted or ItemRemovedReason.Trimmed) Interlocked.Increment(ref _evictions);
        Release(key, entry);
    }

    private void Release(string key, LocalEntry? entry)
    {
        if (entry is null) return;
        _index.TryRemove(new KeyValuePair<string, LocalEntry>(key, entry));
        if (!entry.TryRelease()) return;
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -entry.Size);
    }
}
