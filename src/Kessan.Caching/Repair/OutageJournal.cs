using Kessan.Caching.Storage;

namespace Kessan.Caching.Repair;

/// <summary>
/// What this node wrote and removed while the store was away, one record a key (the last counts), bounded. Safe for concurrent use.
/// </summary>
internal sealed class OutageJournal(int capacity)
{
    private readonly Lock _lock = new();
    private Dictionary<string, JournalRecord> _keys = new(StringComparer.Ordinal);
    private HashSet<string> _tags = new(StringComparer.Ordinal);
    private bool _overflowed;

    public int Capacity => capacity;

    public int Count
    {
        get
        {
            lock (_lock) return _keys.Count + _tags.Count;
        }
    }

    /// <summary>A write whose outcome is not known.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The value; <see langword="null"/>: a removal.</param>
    /// <param name="seenVersion">The version that the node saw last, 0 if none.</param>
    public void Record(string key, StoredEntry? entry, long seenVersion)
    {
        lock (_lock)
        {
            if (_overflowed) return;
            if (_keys.TryGetValue(key, out var earlier)) seenVersion = earlier.SeenVersion; // what stands in the store is still that
            _keys[key] = new JournalRecord(entry, seenVersion);
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
        }
    }

    /// <summary>Takes all records out.</summary>
    public JournalContents Take()
    {
        lock (_lock)
        {
            var contents = new JournalContents(_keys, _tags, _overflowed);
            _keys = new(StringComparer.Ordinal);
            _tags = new(StringComparer.Ordinal);
            _overflowed = false;
            return contents;
        }
    }

    /// <summary>Puts records back whose repair failed; newer ones win.</summary>
    public void Restore(JournalContents contents)
    {
        lock (_lock)
        {
            _overflowed |= contents.Overflowed;
            foreach (var (key, record) in contents.Keys) _keys.TryAdd(key, record);
            _tags.UnionWith(contents.Tags);
            Bound();
        }
    }

    private void Bound()
    {
        if (!_overflowed && _keys.Count + _tags.Count <= capacity) return;
        _overflowed = true;
        _keys.Clear();
        _tags.Clear();
    }
}

/// <summary>One key's record.</summary>
internal readonly record struct JournalRecord(StoredEntry? Entry, long SeenVersion);

/// <summary>What a journal held.</summary>
internal sealed record JournalContents(IReadOnlyDictionary<string, JournalRecord> Keys, IReadOnlyCollection<string> Tags, bool Overflowed)
{
    public bool IsEmpty => Keys.Count == 0 && Tags.Count == 0 && !Overflowed;
}
