using Kessan.Caching.Storage;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Repair;

/// <summary>
/// What this node wrote and removed while the store was away, one record a key (the last counts), bounded in records and in the bytes of their
/// values. Safe for concurrent use.
/// </summary>
/// <remarks>What was taken out for repair is still held, until the repair is done: the store has not heard of it before.</remarks>
internal sealed class OutageJournal(CacheClock clock, int capacity)
{
    /// <summary>The most bytes of values that are kept; a write beyond is an invalidation when the store is back.</summary>
    public const long MaximumBytes = 64 << 20;

    private readonly Lock _lock = new();
    private Dictionary<string, JournalRecord> _keys = new(StringComparer.Ordinal);
    private HashSet<string> _tags = new(StringComparer.Ordinal);
    private bool _overflowed;
    private JournalContents? _taken;
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal); // of what is taken: acknowledged meanwhile
    private volatile bool _isEmpty = true;
    private long _records;
    private long _bytes;

    public int Capacity => capacity;

    /// <summary>Nothing is recorded, nor being repeated.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>How many keys and tags the store has not heard of; the capacity when there were too many to tell.</summary>
    public int Count
    {
        get
        {
            if (_isEmpty) return 0;
            lock (_lock)
            {
                if (_overflowed || _taken is { Overflowed: true }) return capacity;
                return _keys.Count + _tags.Count + (_taken is { } taken ? taken.Keys.Count + taken.Tags.Count : 0);
            }
        }
    }

    /// <summary>The store's entry of the key is older than what this node did.</summary>
    public bool HoldsKey(string key)
    {
        if (_isEmpty) return false;
        lock (_lock) return _overflowed || _keys.ContainsKey(key) || _taken is { } taken && (taken.Overflowed || taken.Keys.ContainsKey(key));
    }

    /// <summary>The store's generation of the tag is older than what this node did.</summary>
    public bool HoldsTag(string tag)
    {
        if (_isEmpty) return false;
        lock (_lock) return _overflowed || _tags.Contains(tag) || _taken is { } taken && (taken.Overflowed || taken.Tags.Contains(tag));
    }

    /// <summary>A point in the order of records, to be taken before the store is told of a write.</summary>
    public long Mark()
    {
        lock (_lock) return _records;
    }

    /// <summary>A write whose outcome is not known.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The value; <see langword="null"/>: a removal.</param>
    /// <param name="seenVersion">The version that the node saw last, 0 if none.</param>
    public void Record(string key, StoredEntry? entry, long seenVersion)
    {
        lock (_lock)
        {
            _isEmpty = false;
            if (_overflowed) return;
            if (_keys.TryGetValue(key, out var earlier))
            {
                seenVersion = earlier.SeenVersion; // what stands in the store is still that
                _bytes -= earlier.Bytes;
            }

            // Without a version that was seen it will not be put back: its value need not be kept.
            if (seenVersion == 0 || _bytes + entry?.Payload.Length > MaximumBytes) entry = null;
            var record = new JournalRecord(entry, seenVersion, clock.Now, ++_records);
            _keys[key] = record;
            _bytes += record.Bytes;
            Bound();
        }
    }

    public void RecordTags(IEnumerable<string> tags)
    {
        lock (_lock)
        {
            if (_overflowed) return;
            _tags.UnionWith(tags);
            Bound();
            Update();
        }
    }

    /// <summary>Writes that were acknowledged, and may be lost all the same; <see langword="null"/>: too many to tell.</summary>
    public void Record(IReadOnlyCollection<RecentWrite>? writes)
    {
        lock (_lock)
        {
            if (writes is null)
            {
                _isEmpty = false;
                Overflow();
                return;
            }
        }

        RecordTags(writes.Where(write => write.IsTag).Select(write => write.Subject));
        foreach (var write in writes.Where(write => !write.IsTag)) Record(write.Subject, null, 0);
    }

    /// <summary>A write of the key was acknowledged.</summary>
    /// <param name="key">The key.</param>
    /// <param name="begun">The <see cref="Mark"/> of its begin: what was recorded after it may be newer than the write, and stays.</param>
    public void Forget(string key, long begun)
    {
        if (_isEmpty) return;
        lock (_lock)
        {
            if (_keys.TryGetValue(key, out var record) && record.Number <= begun)
            {
                _keys.Remove(key);
                _bytes -= record.Bytes;
            }

            if (_taken?.Keys.TryGetValue(key, out var taken) == true && taken.Number <= begun) _forgotten.Add(key);
            Update();
        }
    }

    /// <summary>Takes all records out; they are held until <see cref="Done"/> or <see cref="Restore"/>.</summary>
    public JournalContents Take()
    {
        lock (_lock)
        {
            _taken = new JournalContents(_keys, _tags, _overflowed);
            _forgotten.Clear();
            _keys = new(StringComparer.Ordinal);
            _tags = new(StringComparer.Ordinal);
            _overflowed = false;
            _bytes = 0;
            return _taken;
        }
    }

    /// <summary>What was taken has been repeated.</summary>
    public void Done()
    {
        lock (_lock)
        {
            _taken = null;
            Update();
        }
    }

    /// <summary>Puts records back whose repair failed; newer ones win.</summary>
    public void Restore(JournalContents contents)
    {
        lock (_lock)
        {
            _taken = null;
            _overflowed |= contents.Overflowed;
            foreach (var (key, record) in contents.Keys)
            {
                if (!_forgotten.Contains(key) && _keys.TryAdd(key, record)) _bytes += record.Bytes;
            }

            _tags.UnionWith(contents.Tags);
            Bound();
            Update();
        }
    }

    private void Update() => _isEmpty = !_overflowed && _keys.Count == 0 && _tags.Count == 0 && _taken is null;

    private void Bound()
    {
        if (_overflowed || _keys.Count + _tags.Count > capacity) Overflow();
    }

    private void Overflow()
    {
        _overflowed = true;
        _bytes = 0;
        _keys.Clear();
        _tags.Clear();
    }
}

/// <summary>One key's record, with the instant at which it was made and its place among all records.</summary>
internal readonly record struct JournalRecord(StoredEntry? Entry, long SeenVersion, long At, long Number)
{
    /// <summary>The bytes of its value.</summary>
    public long Bytes => Entry?.Payload.Length ?? 0;
}

/// <summary>What a journal held.</summary>
internal sealed record JournalContents(IReadOnlyDictionary<string, JournalRecord> Keys, IReadOnlySet<string> Tags, bool Overflowed)
{
    public bool IsEmpty => Keys.Count == 0 && Tags.Count == 0 && !Overflowed;
}
