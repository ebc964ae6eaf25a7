namespace Kessan.Caching.Storage;

/// <summary>One write.</summary>
/// <param name="Key">The key.</param>
/// <param name="Entry">What to write.</param>
/// <param name="Condition">When to write; always by default.</param>
public readonly record struct StoreWrite(string Key, StoredEntry Entry, WriteCondition Condition = default);
