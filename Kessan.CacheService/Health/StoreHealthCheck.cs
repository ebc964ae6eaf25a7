using Kessan.Caching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kessan.CacheHost.Health;

/// <summary>
/// Degraded, never unhealthy, while the store or the backplane is away: the service goes on from L1, and an orchestrator that restarted it
/// would only take that away too.
/// </summary>
internal sealed class StoreHealthCheck(CacheManager manager) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var health = manager.GetHealth();
        return Task.FromResult(health switch
        {
            _ when HealthReport.IsHealthy(health) => HealthCheckResult.Healthy(),
            { Store: null } => HealthCheckResult.Degraded("No Redis is configured: L1 only."),
            { IsConnected: false } => HealthCheckResult.Degraded("Redis does not answer: serving from L1."),
            _ => HealthCheckResult.Degraded("The backplane is silent: L1 is not trusted."),
        });
    }
}
