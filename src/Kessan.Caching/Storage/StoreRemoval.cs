namespace Kessan.Caching.Storage;

/// <summary>The outcome of a removal.</summary>
/// <param name="Existed">Whether there was an entry.</param>
/// <param name="Version">The version issued for the removal: an entry of a lower version is older than it.</param>
public readonly record struct StoreRemoval(bool Existed, long Version);
