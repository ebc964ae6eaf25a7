using Kessan.Caching.Client;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>A consumer's store, made as a program makes it.</summary>
internal static class ServiceStores
{
    /// <summary>A store over one replica, patient enough for a machine under load.</summary>
    public static ServiceProvider Open(Uri address, Action<Dictionary<string, string?>>? configure = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Kessan:CacheService:Address"] = address.AbsoluteUri,
            ["Kessan:CacheService:ApiKey"] = ServiceNode.FullKey,
            ["Kessan:CacheService:Timeout"] = "00:00:10",
        };
        configure?.Invoke(settings);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddLogging();
        services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseCacheService();
        return services.BuildServiceProvider();
    }

    public static CacheServiceStore Store(this ServiceProvider services) => (CacheServiceStore)services.GetRequiredService<ICacheStore>();
}
