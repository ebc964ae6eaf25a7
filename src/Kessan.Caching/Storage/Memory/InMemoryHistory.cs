namespace Kessan.Caching.Storage.Memory;

/// <summary>
/// What a server in memory did last to each key and tag, so that a failover can be played which undoes it. Kept for a minute. Not safe for
/// concurrent use.
/// </summary>
internal sealed class InMemoryHistory
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (InMemoryEntry Entry, DateTimeOffset At)> _removed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Before, DateTimeOffset At)> _changed = new(StringComparer.Ordinal);

    public void Removed(string key, InMemoryEntry entry, DateTimeOffset at) => _removed[key] = (entry, at);

    /// <summary>The tag got another generation; <paramref name="before"/> is the one it had, 0 if none.</summary>
    public void Changed(string tag, long before, DateTimeOffset at) => _changed[tag] = (before, at);

    /// <summary>Takes back what was done since a point in time.</summary>
    public void UndoSince(DateTimeOffset since, Dictionary<string, InMemoryEntry> entries, Dictionary<string, long> generations)
    {
        foreach (var (key, entry) in entries.ToArray())
        {
            while (entries.TryGetValue(key, out var current) && current.WrittenAt >= since)
            {
                if (current.Before is { } before) entries[key] = before;
                else entries.Remove(key);
            }
        }

        foreach (var (key, removed) in _removed.ToArray())
        {
            if (removed.At < since) continue;
            if (removed.Entry.WrittenAt < since) entries.TryAdd(key, removed.Entry);
            _removed.Remove(key);
        }

        foreach (var (tag, change) in _changed.ToArray())
        {
            if (change.At < since) continue;
            if (change.Before == 0) generations.Remove(tag);
            else generations[tag] = change.Before;
            _changed.Remove(tag);
        }
    }

    /// <summary>Lets go of what is too old for a failover.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (key, removed) in _removed.ToArray())
        {
            if (now - removed.At > Memory) _removed.Remove(key);
        }

        foreach (var (tag, change) in _changed.ToArray())
        {
            if (now - change.At > Memory) _changed.Remove(tag);
        }
    }
}
