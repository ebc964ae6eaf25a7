namespace Kessan.Caching.Statistics;

/// <summary>How the cache is.</summary>
public enum CacheHealthStatus
{
    /// <summary>All layers answer.</summary>
    Healthy = 0,

    /// <summary>The store or the backplane is away, or there is none: still serving.</summary>
    Degraded = 1,
}
