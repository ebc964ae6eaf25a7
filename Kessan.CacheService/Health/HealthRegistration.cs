using Kessan.CacheHost.Security;
using OpenTelemetry.Metrics;

namespace Kessan.CacheHost.Health;

internal static class HealthRegistration
{
    public static void AddHealthAndMetrics(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddPrometheusExporter());
    }

    public static void MapHealthAndMetrics(this WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint("/metrics").Requires(AccessScope.Read, openInDevelopment: true);
    }
}
