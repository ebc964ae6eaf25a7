using System.Diagnostics.Metrics;
using Kessan.Caching;
using Kessan.Caching.Filling;
using Kessan.Caching.HotKeys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the cache.</summary>
public static class KessanCachingServiceCollectionExtensions
{
    private const string Configuration = "Kessan:Cache";

    /// <summary>
    /// Registers <see cref="KessanHybridCache"/> as the <see cref="HybridCache"/>, with the options, serializers and builder of Microsoft's
    /// <c>AddHybridCache()</c> in force. Without a store (<see cref="KessanCachingBuilder.UseStore"/>) it is L1 only. Safe to call twice.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes options after the configuration section <c>Kessan:Cache</c> was read.</param>
    public static KessanCachingBuilder AddKessanCaching(this IServiceCollection services, Action<KessanCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHybridCache();
        AddParts(services, configure);
        services.TryAddSingleton(static provider => Create(
            provider, provider.GetRequiredService<IOptions<HybridCacheOptions>>().Value, provider.GetService<ICacheStore>()));
        services.RemoveAll<HybridCache>();
        services.AddSingleton<HybridCache>(static provider => provider.GetRequiredService<KessanHybridCache>());
        services.TryAddSingleton<CacheEntries>(static provider => new NodeEntries(provider.GetRequiredService<KessanHybridCache>()));
        services.AddKessanCallerServices();
        return new KessanCachingBuilder(services);
    }

    /// <summary>
    /// Registers a second cache under a key, with options of its own (<c>HybridCacheOptions</c> of the name
    /// <paramref name="optionsName"/>) and the <see cref="ICacheStore"/> registered under the same key, if there is one.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of <see cref="HybridCache"/> and <see cref="KessanHybridCache"/>.</param>
    /// <param name="optionsName">The name of the options; <see langword="null"/>: the key's text.</param>
    public static IServiceCollection AddKeyedKessanCaching(this IServiceCollection services, object serviceKey, string? optionsName = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        var name = optionsName ?? serviceKey.ToString() ?? "";
        services.AddKeyedHybridCache(serviceKey, name);
        AddParts(services, null);
        services.TryAddKeyedSingleton(serviceKey, (provider, key) => Create(
            provider, provider.GetRequiredService<IOptionsMonitor<HybridCacheOptions>>().Get(name), provider.GetKeyedService<ICacheStore>(key), name));
        services.RemoveAllKeyed<HybridCache>(serviceKey);
        services.AddKeyedSingleton<HybridCache>(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<KessanHybridCache>(key));
        return services;
    }

    private static void AddParts(IServiceCollection services, Action<KessanCacheOptions>? configure)
    {
        services.AddMetrics();
        services.AddKessanLifetimes();
        services.AddOptionsWithValidateOnStart<KessanCacheOptions, KessanCacheOptionsValidator>();

        // Not BindConfiguration: a bare ServiceCollection has no configuration, and is to work as it does with AddHybridCache().
        services.AddSingleton<IConfigureOptions<KessanCacheOptions>>(static provider => new ConfigureOptions<KessanCacheOptions>(
            options => provider.GetService<IConfiguration>()?.GetSection(Configuration).Bind(options)));
        if (configure is not null) services.PostConfigure(configure);
    }

    private static KessanHybridCache Create(IServiceProvider provider, HybridCacheOptions hybrid, ICacheStore? store, string? name = null)
    {
        var options = provider.GetRequiredService<IOptions<KessanCacheOptions>>().Value;
        var time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        var planner = new EntryPlanner(
            hybrid,
            options,
            provider.GetRequiredService<CacheTtlPolicy>(),
            provider.GetKeyedService<Random>(typeof(KessanHybridCache)) ?? new Random(),
            new HotKeyTracker(new CacheClock(time)));
        var node = new CacheNode(
            store,
            options,
            planner,
            new ValueSerializer(provider, hybrid.MaximumPayloadBytes),
            new CacheMetrics(provider.GetService<IMeterFactory>(), name),
            time,
            provider.GetService<ILoggerFactory>()?.CreateLogger<KessanHybridCache>() ?? NullLogger<KessanHybridCache>.Instance);
        return new KessanHybridCache(node, hybrid.MaximumKeyLength);
    }
}
