using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Benchmarks;

/// <summary>Caches as an application registers them.</summary>
internal static class Caches
{
    /// <summary>Ours over a store; an in-memory one unless another is given.</summary>
    public static ServiceProvider Kessan(ICacheStore? store = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddKessanCaching().UseStore(_ => store ?? new InMemoryCacheStore(new InMemoryCacheServer()));
        return services.BuildServiceProvider();
    }

    /// <summary>Ours without a store.</summary>
    public static ServiceProvider KessanAlone()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddKessanCaching();
        return services.BuildServiceProvider();
    }
}
