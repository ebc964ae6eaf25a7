using Microsoft.Extensions.Configuration;
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

    // Kestrel counts each block of memory that a request takes or gives back, four a request. What it allocates and evicts remains to be seen.
    private static readonly string[] CountsBlocks = ["aspnetcore.memory_pool.rented", "aspnetcore.memory_pool.pooled"];

    public static void Add(IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(static logging =>
        {
            logging.IncludeFormattedMessage = true;

            // ASP.NET Core's scope holds the path of the request, and so keys and users. Records find their trace without it: they carry the
            // ids of the current activity, where there is one.
            logging.IncludeScopes = false;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(static metrics => metrics
                .AddMeter(OwnNames)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddView(static instrument => CountsBlocks.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : null));
        if (IsTraced(builder.Configuration)) telemetry.WithTracing(tracing => AddTraces(tracing, builder.Environment.ApplicationName));
        else builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // it makes an activity for each request that it may log

        // The variable wins, as OpenTelemetry specifies; without either a service would be called "unknown_service".
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
            telemetry.ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }

    private static void AddTraces(TracerProviderBuilder tracing, string applicationName) => tracing
        .AddSource(OwnNames)
        .AddSource(applicationName)
        .AddAspNetCoreInstrumentation(static options => options.Filter = static context => !HealthEndpoints.IsProbe(context.Request))
        .AddHttpClientInstrumentation();

    // A sampler that drops every span is asked with an activity that was made for it: who wants no traces does not pay for that.
    private static bool IsTraced(IConfiguration configuration)
        => !string.Equals(configuration["OTEL_TRACES_SAMPLER"], "always_off", StringComparison.OrdinalIgnoreCase);
}
