namespace Kessan.Caching.Tags;

/// <summary>What this node knows of one tag; shared by all entries that carry it.</summary>
/// <remarks>
/// <see cref="Changes"/> counts invalidations that this node knows of. An L1 entry remembers the count it was made under, so that the
/// check on a hit is one comparison. The generation, which entries of the store carry, is learned from the store and forgotten with
/// every change: in which order two invalidations arrive then does not matter.
/// </remarks>
internal sealed class TagState(string tag)
{
    private readonly Lock _lock = new();
    private long _generation;
    private int _generationEpoch;
    private int _changes;

    public string Tag { get; } = tag;

    /// <summary>How many invalidations this node has heard of.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>The current generation, if it is known in this epoch of trust.</summary>
    public bool TryGetGeneration(int epoch, out long generation, out int changes)
    {
        lock (_lock)
        {
            generation = _generation;
            changes = _changes;
            return generation != 0 && _generationEpoch == epoch;
        }
    }

    /// <summary>The generation as it was last known, whether or not that can be trusted; 0 if it never was, or the tag changed since.</summary>
    public long LastKnownGeneration
    {
        get
        {
            lock (_lock) return _generation;
        }
    }

    /// <summary>Nobody finds this state any more: what carries it counts as changed for ever.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>The tag fell out of the table.</summary>
    public void Retire()
    {
        lock (_lock) IsRetired = true;
        Change();
    }

    /// <summary>The tag was invalidated, or may have been.</summary>
    public void Change()
    {
        lock (_lock)
        {
            Volatile.Write(ref _changes, _changes + 1);
            _generation = 0;
        }
    }

    /// <summary>Takes over a generation read from the store, unless the tag changed since the read began.</summary>
    public void Learn(long generation, int changesBefore, int epoch)
    {
        lock (_lock)
        {
            if (_changes != changesBefore || IsRetired) return;
            _generation = generation;
            _generationEpoch = epoch;
        }
    }
}
