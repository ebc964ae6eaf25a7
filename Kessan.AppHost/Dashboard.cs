using System.Net.Http.Headers;

namespace Kessan.AppHost;

/// <summary>What the dashboard can do to the cache service beside starting and stopping it, and how the hosts send to it.</summary>
internal static class Dashboard
{
    /// <summary>Adds buttons for the maintenance of the cache; each asks before it acts.</summary>
    public static IResourceBuilder<ProjectResource> WithMaintenanceCommands(
        this IResourceBuilder<ProjectResource> cacheService, IResourceBuilder<ParameterResource> adminKey)
    {
        cacheService.WithHttpCommand("/v1/maintenance/cleanup", "Clean up", commandName: "clean-up", commandOptions: Options(
            HttpMethod.Post, "What has expired, or was left behind, is taken out of L1 and Redis. Go on?", "Broom", adminKey));
        cacheService.WithHttpCommand("/v1/tags/*", "Invalidate everything", commandName: "invalidate-all", commandOptions: Options(
            HttpMethod.Delete, "Everything is then asked from its source again. Go on?", "Delete", adminKey));
        return cacheService;
    }

    /// <summary>
    /// Lets a host give up soon on a dashboard that does not answer. All stop at once here, the dashboard first, and each host
    /// would spend 10 s on its last telemetry.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithShortTelemetryTimeout(this IResourceBuilder<ProjectResource> host) =>
        host.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsRunMode)
                context.EnvironmentVariables["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1000"; // milliseconds
        });

    private static HttpCommandOptions Options(
        HttpMethod method, string question, string icon, IResourceBuilder<ParameterResource> adminKey) => new()
        {
            Method = method,
            ConfirmationMessage = question,
            IconName = icon,
            ResultMode = HttpCommandResultMode.Auto,
            PrepareRequest = async context => context.Request.Headers.Authorization =
                new AuthenticationHeaderValue("Bearer", await adminKey.Resource.GetValueAsync(context.CancellationToken)),
        };
}
