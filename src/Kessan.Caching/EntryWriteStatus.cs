namespace Kessan.Caching;

/// <summary>What became of a write.</summary>
public enum EntryWriteStatus
{
    /// <summary>It stands in the store.</summary>
    Stored = 0,

    /// <summary>The condition did not hold; nothing was written.</summary>
    Refused = 1,

    /// <summary>The store is away: only this node has it, and the store is told when it is back.</summary>
    LocalOnly = 2,

    /// <summary>The store is away and the write had a condition that only the store can decide; nothing was written.</summary>
    Unavailable = 3,
}
