using Kessan.Caching.Statistics;

namespace Kessan.Caching;

// What the cache knows about itself.
public sealed partial class CacheService
{
    /// <summary>What this node counted since its start.</summary>
    public CacheStatistics GetStatistics() => CacheStatistics.Of(Hybrid.Node);
}
