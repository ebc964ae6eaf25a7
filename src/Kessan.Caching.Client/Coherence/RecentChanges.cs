namespace Kessan.Caching.Client.Coherence;

/// <summary>
/// The keys and tags that this node changed or heard of in the last seconds, with the versions: replicas of the service hear of a
/// change at different moments, and whoever knows of it must not take an older answer from one that does not.
/// </summary>
/// <remarks>Safe for concurrent use and bounded: when there are too many changes to remember, everything counts as changed.</remarks>
internal sealed class RecentChanges(TimeProvider time, TimeSpan memory)
{
    private const int Capacity = 65_536;

    // The tag that every entry carries.
    private const string Star = "*";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Version, long Until)> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _tags = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, bool IsTag, long Until)> _order = new();
    private long _everythingUntil = long.MinValue;

    /// <summary>A key was changed; 0 if the version is not known.</summary>
    public void Key(string key, long version)
    {
        lock (_lock)
        {
            if (!TryMakeRoom(out var until)) return;
            var known = _keys.TryGetValue(key, out var before) ? before.Version : 0;
            _keys[key] = (Math.Max(known, version), until);
            _order.Enqueue((key, false, until));
        }
    }

    /// <summary>A tag was invalidated.</summary>
    public void Tag(string tag)
    {
        lock (_lock)
        {
            if (!TryMakeRoom(out var until)) return;
            _tags[tag] = until;
            _order.Enqueue((tag, true, until));
        }
    }

    /// <summary>Anything may have been changed: messages were lost.</summary>
    public void Everything()
    {
        lock (_lock) _everythingUntil = Until();
    }

    /// <summary>Whether the store itself must be asked for a key.</summary>
    public bool Has(string key)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            return now < _everythingUntil
                || (_tags.Count != 0 && _tags.TryGetValue(Star, out var until) && now < until)
                || (_keys.Count != 0 && _keys.TryGetValue(key, out var change) && now < change.Until);
        }
    }

    /// <summary>The version that an answer must have at least; 0: any.</summary>
    public long VersionOf(string key)
    {
        lock (_lock) return _keys.TryGetValue(key, out var change) && time.GetTimestamp() < change.Until ? change.Version : 0;
    }

    /// <summary>Whether a tag was invalidated.</summary>
    public bool HasTag(string tag)
    {
        lock (_lock) return _tags.Count != 0 && _tags.TryGetValue(tag, out var until) && time.GetTimestamp() < until;
    }

    private long Until() => time.GetTimestamp() + (long)(memory.TotalSeconds * time.TimestampFrequency);

    private bool TryMakeRoom(out long until)
    {
        until = Until();
        var now = time.GetTimestamp();
        while (_order.TryPeek(out var oldest) && oldest.Until <= now)
        {
            _order.Dequeue();
            if (oldest.IsTag)
            {
                if (_tags.TryGetValue(oldest.Name, out var end) && end <= now) _tags.Remove(oldest.Name);
            }
            else if (_keys.TryGetValue(oldest.Name, out var change) && change.Until <= now)
            {
                _keys.Remove(oldest.Name);
            }
        }

        if (_order.Count < Capacity) return true;
        _everythingUntil = until;
        return false;
    }
}
