using Kessan.Caching.Lifetimes;

namespace Kessan.MarketApi;

/// <summary>The cache of this API: its own L1, over the cache service.</summary>
internal static class MarketCache
{
    // Else anybody could make us ask a source without end, by codes that nobody has. Configured lifetimes come first.
    private static readonly TimeSpan ThereIsNone = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddMarketCache(this IServiceCollection services)
    {
        services.AddKessanCaching().UseCacheService("cacheservice");
        return services.PostConfigure<CacheLifetimeOptions>(static lifetimes =>
        {
            foreach (var type in new[] { lifetimes.StockPrice, lifetimes.FinancialData, lifetimes.NewsData, lifetimes.AiAnalysis, lifetimes.MarketData })
                type.Negative ??= ThereIsNone;
        });
    }
}
