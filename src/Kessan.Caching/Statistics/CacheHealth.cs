namespace Kessan.Caching.Statistics;

/// <summary>How the cache is, as one node sees it. Immutable.</summary>
/// <param name="Status">Degraded if the store is away or the backplane silent, or if there is no store.</param>
/// <param name="Store">The store's name; <see langword="null"/> for a cache of L1 only.</param>
/// <param name="IsConnected">Whether the store answers; <see langword="false"/> also when there is none.</param>
/// <param name="IsCoherent">Whether this node is known to hear of every change that others make.</param>
/// <param name="Entries">Entries in L1.</param>
/// <param name="SizeBytes">Bytes in L1.</param>
/// <param name="HitRatePercent">The part of look-ups that L1 answered, 0 to 100; <see langword="null"/> before the first.</param>
/// <param name="BackplaneLag">How long the last message took to come back; <see langword="null"/> before the first.</param>
/// <param name="BackplaneGaps">How often messages were known or feared to be lost.</param>
public sealed record CacheHealth(
    CacheHealthStatus Status,
    string? Store,
    bool IsConnected,
    bool IsCoherent,
    long Entries,
    long SizeBytes,
    double? HitRatePercent,
    TimeSpan? BackplaneLag,
    long BackplaneGaps)
{
    internal static CacheHealth Of(KessanHybridCache cache, CacheEntries entries)
    {
        var node = cache.Node;
        var lag = node.Metrics.LastLagSeconds;
        var whole = entries.Store is not null && entries.StoreIsAvailable && node.Trust.IsTrusted;
        return new CacheHealth(
            whole ? CacheHealthStatus.Healthy : CacheHealthStatus.Degraded,
            entries.Store?.Name,
            entries.StoreIsAvailable,
            node.Trust.IsTrusted,
            node.Local.Count,
            node.Local.Bytes,
            CacheStatistics.Of(node).Total.L1HitRatePercent,
            double.IsNaN(lag) ? null : TimeSpan.FromSeconds(lag),
            node.Trust.Losses);
    }
}
