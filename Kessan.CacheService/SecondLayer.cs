using Kessan.Caching;
using Kessan.Caching.Redis;

namespace Kessan.CacheHost;

/// <summary>Redis as the second layer, if the configuration names one; else the service is L1 only.</summary>
internal static class SecondLayer
{
    private const string Name = "redis";

    public static void AddCache(this WebApplicationBuilder builder)
    {
        var caching = builder.Services.AddKessanCaching().AddWarming();
        if (RedisConnectionSettings.FromConfiguration(builder.Configuration, Name) is not { } redis) return;

#if ASPIRE
        // Aspire's client adds its settings; the address is ours, which may be a URL. Its health check would turn /health red, ours
        // says degraded. Its spans would be a second set, with two traces for every heartbeat: the store makes its own, of commands
        // that somebody waits for. And the first request should not pay for the connection.
        builder.AddRedisClient(
            Name,
            settings =>
            {
                settings.ConnectionString = string.Join(',', redis.Addresses);
                settings.DisableHealthChecks = true;
                settings.DisableTracing = true;
                settings.DisableAutoActivation = false;
            },
            redis.Apply);
#endif
        caching.UseRedis(Name);
    }

    /// <summary>Says once, at start, that the service has no second layer: nothing outlives it, and replicas know nothing of each other.</summary>
    public static void WarnWithoutSecondLayer(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        if (app.Services.GetRequiredService<CacheEntries>().Store is null) Log.NoRedis(app.Logger);
    });
}
