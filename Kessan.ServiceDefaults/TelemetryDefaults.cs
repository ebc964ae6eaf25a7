using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kessan.ServiceDefaults;

internal static class TelemetryDefaults
{
    // The meters and activity sources of the whole system, by name: "Kessan.Caching" and whatever a host adds beside it.
    private const string OwnNames = "Kessan.*";

    public static void Add(IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(static logging =>
        {
            logging.IncludeFormattedMessage = true;

            // ASP.NET Core's scope holds the path of the request, and so keys and users. Records find their trace without it: they carry the
            // ids of the current activity.
            logging.IncludeScopes = false;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(static metrics => metrics
                .AddMeter(OwnNames)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .AddSource(OwnNames)
                .AddSource(builder.Environment.ApplicationName)
                .AddAspNetCoreInstrumentation(static options => options.Filter = static context => !HealthEndpoints.IsProbe(context.Request))
                .AddHttpClientInstrumentation());

        // The variable wins, as OpenTelemetry specifies; without either a service would be called "unknown_service".
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
            telemetry.ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }
}
