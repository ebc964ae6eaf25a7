namespace Kessan.Caching;

/// <summary>What became of a write through <see cref="CacheEntries"/>.</summary>
/// <param name="Status">Stored, refused, or held by this node alone.</param>
/// <param name="Version">The version of what now stands in the store; 0 if there is nothing or the store is away.</param>
public readonly record struct EntryWriteOutcome(EntryWriteStatus Status, long Version);
