using System.Runtime.ExceptionServices;

namespace Kessan.Caching.Repair;

/// <summary>What became of the records of one repair. Not safe for concurrent use.</summary>
internal sealed class RepairPass
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private Exception? _failure;

    /// <summary>Whether some records could not be repeated now.</summary>
    public bool HasLeft => _failure is not null;

    /// <summary>How many were repeated, or never will be.</summary>
    public (int Keys, int Tags) Done => (_keys.Count, _tags.Count);

    /// <summary>A key was repeated, or is refused for good.</summary>
    public void KeyDone(string key) => _keys.Add(key);

    /// <inheritdoc cref="KeyDone"/>
    public void TagDone(string tag) => _tags.Add(tag);

    /// <summary>A record stays.</summary>
    public void Leave(Exception failure) => _failure ??= failure;

    /// <summary>Ends a pass in which the store takes nothing: it is away.</summary>
    public void ThrowIfNothingWorked()
    {
        if (_failure is not null && _keys.Count + _tags.Count == 0) ExceptionDispatchInfo.Throw(_failure);
    }

    /// <summary>The records that are not done.</summary>
    public JournalContents RestOf(JournalContents contents) => new(
        contents.Keys.Where(record => !_keys.Contains(record.Key)).ToDictionary(StringComparer.Ordinal),
        contents.Tags.Where(tag => !_tags.Contains(tag)).ToHashSet(StringComparer.Ordinal),
        contents.Overflowed);
}
