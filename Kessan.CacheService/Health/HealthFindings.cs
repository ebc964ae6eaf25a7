using Kessan.Caching.Redis;
using Kessan.Caching.Statistics;

namespace Kessan.CacheHost.Health;

/// <summary>How the layers are. Immutable.</summary>
/// <param name="Cache">What the cache knows of itself.</param>
/// <param name="Server">What Redis reports; null: it does not answer, or is not Redis.</param>
/// <param name="IsConnected">Whether the store answers.</param>
/// <param name="CanPublish">Whether its user may publish: without that other nodes would not hear of changes, and writes are refused.</param>
internal readonly record struct HealthFindings(CacheHealth Cache, RedisServerInfo? Server, bool IsConnected, bool CanPublish)
{
    /// <summary>Whether this replica hears of every change.</summary>
    public bool IsCoherent => Cache is { Store: not null, IsCoherent: true };

    /// <summary>Whether all layers answer; without a second layer they do not.</summary>
    public bool IsHealthy => Cache.Status == CacheHealthStatus.Healthy && IsConnected && IsCoherent && CanPublish;
}
