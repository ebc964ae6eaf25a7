using Kessan.Caching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kessan.CacheHost.Health;

/// <summary>
/// Degraded, never unhealthy, while the store is away: the service goes on from L1, and an orchestrator that restarted it would only
/// take that away too.
/// </summary>
internal sealed class StoreHealthCheck(CacheEntries entries) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        => Task.FromResult(entries switch
        {
            { Store: null } => HealthCheckResult.Degraded("No Redis is configured: L1 only."),
            { StoreIsAvailable: false } => HealthCheckResult.Degraded("Redis does not answer: serving from L1."),
            _ => HealthCheckResult.Healthy(),
        });
}
