using System.Runtime.ExceptionServices;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Repair;

/// <summary>What became of the records of one repair: those that failed while others did not are left. Safe for concurrent use.</summary>
internal sealed class RepairPass
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private CacheStoreException? _failure;
    private bool _worked;

    public IReadOnlyCollection<string> Keys => _keys;

    public IReadOnlyCollection<string> Tags => _tags;

    public bool HasLeft => _keys.Count + _tags.Count > 0;

    /// <summary>The store took something.</summary>
    public void Worked() => Volatile.Write(ref _worked, true);

    public void LeaveKey(string key, CacheStoreException failure)
    {
        lock (_lock)
        {
            _keys.Add(key);
            _failure = failure;
        }
    }

    public void LeaveTag(string tag, CacheStoreException failure)
    {
        lock (_lock)
        {
            _tags.Add(tag);
            _failure = failure;
        }
    }

    /// <summary>Ends a pass in which the store takes nothing: it is away.</summary>
    /// <exception cref="CacheStoreException">Everything failed so far.</exception>
    public void ThrowIfNothingWorked()
    {
        lock (_lock)
        {
            if (_failure is not null && !Volatile.Read(ref _worked)) ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>The records that were left.</summary>
    public JournalContents LeftOf(JournalContents contents) => new(
        contents.Keys.Where(record => _keys.Contains(record.Key)).ToDictionary(StringComparer.Ordinal), _tags, Overflowed: false);
}
