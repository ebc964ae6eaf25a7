using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kessan.CacheHost.Health;

/// <summary>
/// Degraded, never unhealthy, while the store or the backplane is away: the service goes on from L1, and an orchestrator that restarted it
/// would only take that away too. It judges as <c>/health/detailed</c> does.
/// </summary>
internal sealed class StoreHealthCheck(HealthReport report) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        => await report.AssessAsync(cancellationToken) switch
        {
            { IsHealthy: true } => HealthCheckResult.Healthy(),
            { Cache.Store: null } => HealthCheckResult.Degraded("No Redis is configured: L1 only."),
            { IsConnected: false } => HealthCheckResult.Degraded("Redis does not answer: serving from L1."),
            { CanPublish: false } => HealthCheckResult.Degraded("The user of Redis may not publish: writes are refused."),
            _ => HealthCheckResult.Degraded("The backplane is silent: L1 is not trusted."),
        };
}
