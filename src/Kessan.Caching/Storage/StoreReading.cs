namespace Kessan.Caching.Storage;

/// <summary>What a read of the store found.</summary>
/// <param name="Entry">The entry, or <see langword="null"/> if there is none.</param>
/// <param name="TagsVerified">
/// The store has compared the entry's tags with their current generations itself (the cache service does); otherwise the reader must.
/// </param>
public readonly record struct StoreReading(StoredEntry? Entry, bool TagsVerified = false);
