using OpenTelemetry.Metrics;

namespace Kessan.CacheHost.Health;

internal static class HealthRegistration
{
    public static void AddHealthAndMetrics(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        builder.Services.AddSingleton<HealthReport>();
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddPrometheusExporter());
    }
}
