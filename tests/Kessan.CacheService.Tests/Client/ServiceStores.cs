using Kessan.Caching;
using Kessan.Caching.Client;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>Consumers of the service, made as a program makes them.</summary>
internal static class ServiceStores
{
    /// <summary>A consumer of one replica, patient enough for a machine under load.</summary>
    public static ServiceProvider Open(Uri address, Dictionary<string, string?>? settings = null) => Open([address], settings);

    /// <summary>A consumer of several replicas behind one name; service discovery takes them in turn.</summary>
    public static ServiceProvider Open(IReadOnlyList<Uri> addresses, Dictionary<string, string?>? settings = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["Kessan:CacheService:ApiKey"] = ServiceNode.FullKey,
            ["Kessan:CacheService:Timeout"] = "00:00:10",
            ["Kessan:Cache:L2SoftTimeout"] = "00:00:10",
            ["Kessan:Cache:LeaseDuration"] = "00:01:00",
        };
        for (var i = 0; i < addresses.Count; i++) all[$"services:cacheservice:http:{i}"] = addresses[i].AbsoluteUri.TrimEnd('/');
        foreach (var (name, value) in settings ?? []) all[name] = value;

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        services.AddLogging();
        services.AddKessanCaching().UseCacheService();
        return services.BuildServiceProvider();
    }

    public static CacheServiceStore Store(this ServiceProvider consumer) => (CacheServiceStore)consumer.GetRequiredService<ICacheStore>();

    public static KessanHybridCache Cache(this ServiceProvider consumer) => consumer.GetRequiredService<KessanHybridCache>();
}
