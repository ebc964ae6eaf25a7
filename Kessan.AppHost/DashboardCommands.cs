using System.Net.Http.Headers;

namespace Kessan.AppHost;

/// <summary>What the dashboard can do to the cache service, beside starting and stopping it.</summary>
internal static class DashboardCommands
{
    /// <summary>Adds a button that makes every entry invalid, in each layer and on every node.</summary>
    public static IResourceBuilder<ProjectResource> WithInvalidateAllCommand(
        this IResourceBuilder<ProjectResource> cacheService, IResourceBuilder<ParameterResource> adminKey) =>
        cacheService.WithHttpCommand("/v1/tags/*", "Invalidate all entries", commandName: "invalidate-all", commandOptions: new()
        {
            Method = HttpMethod.Delete,
            ConfirmationMessage = "Everything is then asked from its source again. Go on?",
            IconName = "Broom",
            PrepareRequest = async context => context.Request.Headers.Authorization =
                new AuthenticationHeaderValue("Bearer", await adminKey.Resource.GetValueAsync(context.CancellationToken)),
        });
}
