using System.Diagnostics.Metrics;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Quotas;
using Kessan.Caching.Sessions;
using Kessan.Caching.Warming;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kessan.Caching;

/// <summary>Registers what application code calls; part of <c>AddKessanCaching()</c>.</summary>
internal static class CallerServices
{
    /// <summary>Adds <see cref="CacheService"/> and <see cref="CacheManager"/> over the cache; safe to call twice.</summary>
    internal static IServiceCollection AddKessanCallerServices(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<QuotaOptions, QuotaOptionsValidator>();
        services.AddSingleton<IConfigureOptions<QuotaOptions>>(provider => new ConfigureOptions<QuotaOptions>(
            options => provider.GetService<IConfiguration>()?.GetSection(QuotaOptions.SectionName).Bind(options)));
        services.TryAddSingleton(provider => new SessionKeeper(
            provider.GetRequiredService<KessanHybridCache>(),
            provider.GetRequiredService<CacheKeyBuilder>(),
            provider.GetRequiredService<CacheTtlPolicy>()));
        services.TryAddSingleton(provider => new QuotaKeeper(
            provider.GetService<IQuotaStore>(),
            provider.GetRequiredService<KessanHybridCache>().Node,
            provider.GetRequiredService<CacheKeyBuilder>(),
            provider.GetRequiredService<CacheTtlPolicy>(),
            provider.GetRequiredService<IOptions<QuotaOptions>>().Value,
            provider.GetService<IMeterFactory>()));
        services.TryAddSingleton(provider => new CacheService(
            provider.GetRequiredService<KessanHybridCache>(),
            provider.GetRequiredService<CacheKeyBuilder>(),
            provider.GetRequiredService<SessionKeeper>(),
            provider.GetRequiredService<QuotaKeeper>(),
            new Lazy<CacheWarmer?>(provider.GetService<CacheWarmer>)));
        services.TryAddSingleton(provider => new CacheManager(
            provider.GetRequiredService<KessanHybridCache>(),
            provider.GetRequiredService<CacheEntries>(),
            provider.GetRequiredService<CacheKeyBuilder>(),
            provider.GetRequiredService<SessionKeeper>()));
        return services;
    }
}
