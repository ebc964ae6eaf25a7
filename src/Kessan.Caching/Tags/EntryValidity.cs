namespace Kessan.Caching.Tags;

/// <summary>Whether an entry of the store is valid under its tags' current generations.</summary>
internal enum EntryValidity
{
    /// <summary>It is.</summary>
    Valid,

    /// <summary>A tag was invalidated since its source ran.</summary>
    Invalid,

    /// <summary>The store did not tell.</summary>
    Unknown,
}
