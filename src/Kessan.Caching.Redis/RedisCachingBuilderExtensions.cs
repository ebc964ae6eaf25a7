using Kessan.Caching;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Quotas;
using Kessan.Caching.Redis;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Quotas;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Redis as the second layer.</summary>
public static class RedisCachingBuilderExtensions
{
    /// <summary>
    /// Uses Redis as the second layer: the <see cref="IConnectionMultiplexer"/> that is registered (under the connection's name, or without
    /// one), else a connection of its own to <see cref="RedisConnectionSettings.FromConfiguration"/>. Without either the cache is L1 only.
    /// Safe to call twice; the last call counts.
    /// </summary>
    /// <param name="builder">What <c>AddKessanCaching()</c> returned.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configure">Sets options beyond <c>Kessan:Cache:Redis</c>.</param>
    public static KessanCachingBuilder UseRedis(
        this KessanCachingBuilder builder, string connectionName = "redis", Action<RedisStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionName);

        var services = builder.Services;
        var options = services.AddOptionsWithValidateOnStart<RedisStoreOptions, RedisStoreOptionsValidator>();

        // Not BindConfiguration: a bare ServiceCollection has no configuration and is to work too.
        services.AddSingleton<IConfigureOptions<RedisStoreOptions>>(static provider => new ConfigureOptions<RedisStoreOptions>(
            options => provider.GetService<IConfiguration>()?.GetSection("Kessan:Cache:Redis").Bind(options)));
        if (configure is not null) options.PostConfigure(configure);

        services.TryAddSingleton(TimeProvider.System);
        services.RemoveAll<RedisStoreHandle>();
        services.AddSingleton(provider => Open(provider, connectionName));
        services.RemoveAll<IQuotaStore>();
        services.AddSingleton<IQuotaStore>(
            provider => provider.GetRequiredService<RedisStoreHandle>().Store is { } store ? new RedisQuotaStore(store.Connection) : null!);
        services.TryAddSingleton(CreateCache);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedisLifetime>());
        return builder.UseStore(provider => provider.GetRequiredService<RedisStoreHandle>().Store);
    }

    private static RedisCache CreateCache(IServiceProvider services)
    {
        var node = services.GetRequiredService<KessanHybridCache>().Node;
        var options = services.GetRequiredService<IOptions<KessanCacheOptions>>().Value;

        // A store that was named later takes the place of Redis, here too.
        var store = services.GetRequiredService<RedisStoreHandle>().Store is { } redis && ReferenceEquals(node.Store?.Store, redis) ? redis : null;
        return new RedisCache(
            store,
            store is null ? null : new GuardedStore(node),
            services.GetRequiredService<CacheTtlPolicy>(),
            node.Values,
            options,
            services.GetRequiredService<ILoggerFactory>());
    }

    private static RedisStoreHandle Open(IServiceProvider services, string connectionName)
    {
        if (FindSource(services, connectionName) is not { } source) return new RedisStoreHandle(null);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Kessan.Caching.Redis");
        var options = services.GetRequiredService<IOptions<RedisStoreOptions>>().Value;
        var store = new RedisStore(source, options, services.GetRequiredService<TimeProvider>(), logger);
        _ = store.Connection.ConnectAsync();
        return new RedisStoreHandle(store);
    }

    private static IMultiplexerSource? FindSource(IServiceProvider services, string connectionName)
    {
        var asks = services.GetRequiredService<IServiceProviderIsService>();
        var asksKeyed = services.GetRequiredService<IServiceProviderIsKeyedService>();
        if (asks.IsService(typeof(IConnectionMultiplexer)) || asksKeyed.IsKeyedService(typeof(IConnectionMultiplexer), connectionName))
            return new RegisteredMultiplexer(services, connectionName);
        return services.GetService<IConfiguration>() is { } configuration
            && RedisConnectionSettings.FromConfiguration(configuration, connectionName) is { } settings
            ? new OwnMultiplexer(settings)
            : null;
    }
}
