using Kessan.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every host of the system has: telemetry, health endpoints, service discovery, and HTTP clients that bear a failure.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, the self check, service discovery and HTTP resilience. A second call does nothing.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(static service => service.ServiceType == typeof(AddedMarker)))
            return builder;

        builder.Services.AddSingleton<AddedMarker>();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(static client =>
        {
            // A POST that failed half-way may have been carried out: only methods that are safe to repeat are repeated.
            client.AddStandardResilienceHandler(static options => options.Retry.DisableForUnsafeHttpMethods());
            client.AddServiceDiscovery();
        });
        TelemetryDefaults.Add(builder);
        HealthEndpoints.AddSelfCheck(builder.Services);
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (every check: 200 healthy or degraded, 503 unhealthy) and <c>/alive</c> (only the checks tagged <c>live</c>),
    /// in every environment and open to all: container platforms probe them.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        HealthEndpoints.Map(app);
        return app;
    }

    private sealed class AddedMarker;
}
