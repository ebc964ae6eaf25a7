using Kessan.Caching.Statistics;

namespace Kessan.Caching.Storage;

/// <summary>A store that counts its entries itself, and need not be scanned for that.</summary>
/// <remarks>Safe for concurrent use. Throws as <see cref="ICacheStore"/> does.</remarks>
public interface IKeyCountingStore
{
    /// <summary>How many entries the store holds, counted at most a minute ago; <see langword="null"/>: it does not know.</summary>
    ValueTask<CacheKeyCounts?> CountKeysAsync(CancellationToken cancellationToken);
}
