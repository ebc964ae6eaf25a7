namespace Kessan.Caching.Storage;

/// <summary>The outcome of a write.</summary>
/// <param name="Stored">Whether the condition held and the entry was written.</param>
/// <param name="Version">The version issued for the entry; if not stored, the version of the entry that stands there, or 0.</param>
public readonly record struct StoreWriteResult(bool Stored, long Version);
