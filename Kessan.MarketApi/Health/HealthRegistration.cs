namespace Kessan.MarketApi.Health;

internal static class HealthRegistration
{
    /// <summary>Lets <c>/health</c> say whether the cache is whole.</summary>
    public static void AddCacheHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<CacheHealthCheck>("cache");

        // One warning for each probe while the cache service is away; the engine logs when that begins and ends.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error);
    }
}
