using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kessan.Caching;

/// <summary>Registers what application code calls; part of <c>AddKessanCaching()</c>.</summary>
internal static class CallerServices
{
    /// <summary>Adds <see cref="CacheService"/> and <see cref="CacheManager"/> over the cache; safe to call twice.</summary>
    internal static IServiceCollection AddKessanCallerServices(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new CacheService(
            provider.GetRequiredService<KessanHybridCache>(),
            provider.GetRequiredService<CacheTtlPolicy>(),
            provider.GetRequiredService<CacheKeyBuilder>(),
            provider.GetKeyedService<Random>(typeof(KessanHybridCache)) ?? new Random()));
        services.TryAddSingleton(provider => new CacheManager(
            provider.GetRequiredService<KessanHybridCache>(),
            provider.GetRequiredService<CacheEntries>(),
            provider.GetRequiredService<CacheKeyBuilder>()));
        return services;
    }
}
