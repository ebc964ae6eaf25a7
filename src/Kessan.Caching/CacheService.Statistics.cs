using Kessan.Caching.HotKeys;
using Kessan.Caching.Statistics;

namespace Kessan.Caching;

// What the cache knows about itself.
public sealed partial class CacheService
{
    private readonly KeyCounter _counter;

    /// <summary>What this node counted since its start. Asks nobody.</summary>
    public CacheStatistics GetStatistics() => CacheStatistics.Of(Hybrid.Node);

    /// <summary>How many entries the store holds, by data type; counted at most once a minute (<see cref="CacheKeyCounts.AsOf"/>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/>: the store is away. Without a store: the entries of L1.</returns>
    public ValueTask<CacheKeyCounts?> CountKeysAsync(CancellationToken cancellationToken = default) => _counter.CountAsync(cancellationToken);

    /// <summary>The keys that this node is asked for most, the first one first; without sessions and quotas, whose keys name people.</summary>
    /// <param name="count">How many; 1 and more, of the 256 that are watched.</param>
    public IReadOnlyList<HotKey> GetHotKeys(int count = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Hybrid.Node.HotKeys.Top(count);
    }

    /// <summary>Removes from L1 what is not even good as a stale answer any more; such entries also leave by themselves when room is needed.</summary>
    /// <returns>How many there were.</returns>
    public int CleanUpExpired() => Hybrid.Node.Local.RemoveExpired(Hybrid.Node.Clock.Now);
}
