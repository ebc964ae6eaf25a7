using Kessan.Caching;
using Kessan.Caching.Statistics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kessan.MarketApi.Health;

/// <summary>
/// Degraded, never unhealthy, while the cache service is away: the API goes on from L1 and from its sources, and an orchestrator that
/// restarted it would only take L1 away too.
/// </summary>
internal sealed class CacheHealthCheck(CacheManager cache) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(cache.GetHealth() switch
        {
            { Status: CacheHealthStatus.Healthy } => HealthCheckResult.Healthy(),
            { IsConnected: false } => HealthCheckResult.Degraded("The cache service does not answer: serving from L1 and from the sources."),
            _ => HealthCheckResult.Degraded("Nothing is heard of changes on other nodes: L1 is checked entry by entry."),
        });
}
