using System.Net.Http.Headers;

namespace Kessan.AppHost;

/// <summary>The keys of the cache service's API: made, accepted, shown.</summary>
internal static class ApiKeys
{
    public static IResourceBuilder<ParameterResource> AddApiKey(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);

    /// <summary>Makes the cache service accept a key, with exactly the scopes its owner needs.</summary>
    public static IResourceBuilder<ProjectResource> AcceptsApiKey(
        this IResourceBuilder<ProjectResource> cacheService, int index, string owner, IResourceBuilder<ParameterResource> key, params string[] scopes)
    {
        var entry = $"Kessan__Security__ApiKeys__{index}";
        cacheService.WithEnvironment($"{entry}__Name", owner).WithEnvironment($"{entry}__Key", key);

        foreach (var (position, scope) in scopes.Index())
        {
            cacheService.WithEnvironment($"{entry}__Scopes__{position}", scope);
        }

        return cacheService;
    }

    /// <summary>Adds a button to the dashboard that posts to an admin row of the cache service.</summary>
    public static IResourceBuilder<ProjectResource> WithAdminCommand(
        this IResourceBuilder<ProjectResource> cacheService, string name, string path, string displayName, string iconName, IResourceBuilder<ParameterResource> key) =>
        cacheService.WithHttpCommand(path, displayName, commandName: name, commandOptions: new()
        {
            IconName = iconName,
            ResultMode = HttpCommandResultMode.Auto,
            PrepareRequest = async context => context.Request.Headers.Authorization =
                new AuthenticationHeaderValue("Bearer", await key.Resource.GetValueAsync(context.CancellationToken)),
        });
}
