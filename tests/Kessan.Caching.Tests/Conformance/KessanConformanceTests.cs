using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Conformance;

/// <summary>The conformance suite over ours.</summary>
public sealed class KessanConformanceTests : HybridCacheConformance
{
    protected override (HybridCache Cache, IAsyncDisposable Owner) Create(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddKessanCaching(options => options.RefreshBeta = 0).UseStore(_ => new InMemoryCacheStore(new InMemoryCacheServer(Time)));
        configure?.Invoke(services);
        var provider = services.BuildServiceProvider();
        return (provider.GetRequiredService<HybridCache>(), provider);
    }
}
