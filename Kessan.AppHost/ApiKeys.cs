namespace Kessan.AppHost;

/// <summary>The keys of the cache service's API: made here, accepted there.</summary>
internal static class ApiKeys
{
    public static IResourceBuilder<ParameterResource> AddApiKey(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);

    /// <summary>Makes the cache service accept a key, with exactly the scopes its owner needs.</summary>
    public static IResourceBuilder<ProjectResource> AcceptsApiKey(
        this IResourceBuilder<ProjectResource> cacheService,
        int index,
        string owner,
        IResourceBuilder<ParameterResource> key,
        params string[] scopes)
    {
        var entry = $"Kessan__Security__ApiKeys__{index}";
        cacheService.WithEnvironment($"{entry}__Name", owner).WithEnvironment($"{entry}__Key", key);

        foreach (var (position, scope) in scopes.Index())
        {
            cacheService.WithEnvironment($"{entry}__Scopes__{position}", scope);
        }

        return cacheService;
    }
}
