using Kessan.Caching.HotKeys;
using Kessan.Caching.Statistics;

namespace Kessan.Caching;

// What the cache knows about itself.
public sealed partial class CacheService
{
    /// <summary>What this node counted since its start. Asks nobody.</summary>
    public CacheStatistics GetStatistics() => CacheStatistics.Of(Hybrid.Node);

    /// <summary>The keys that this node is asked for most, the first one first; without sessions and quotas, whose keys name people.</summary>
    /// <param name="count">How many; 1 to 256.</param>
    public IReadOnlyList<HotKey> GetHotKeys(int count = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Hybrid.Node.HotKeys.Top(count);
    }
}
