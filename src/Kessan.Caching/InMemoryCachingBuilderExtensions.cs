using Kessan.Caching.Quotas;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a store in memory.</summary>
public static class InMemoryCachingBuilderExtensions
{
    /// <summary>
    /// Uses memory as the second layer, with sessions and quotas: everything behaves as with Redis, and nothing outlives the process. For
    /// tests of code that uses the cache: <c>services.AddKessanCaching().UseInMemoryStore()</c>.
    /// </summary>
    /// <param name="builder">What <c>AddKessanCaching()</c> returned.</param>
    /// <param name="server">The entries that several caches share, as nodes of one fleet. Default: a server of its own.</param>
    /// <param name="quotas">The quotas that they share. Default: a store of its own.</param>
    public static KessanCachingBuilder UseInMemoryStore(
        this KessanCachingBuilder builder, InMemoryCacheServer? server = null, InMemoryQuotaStore? quotas = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.RemoveAll<IQuotaStore>();
        builder.Services.AddSingleton<IQuotaStore>(provider => quotas ?? new InMemoryQuotaStore(provider.GetService<TimeProvider>()));
        return builder.UseStore(provider => new InMemoryCacheStore(server ?? new InMemoryCacheServer(provider.GetService<TimeProvider>())));
    }
}
