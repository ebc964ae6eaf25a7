using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>The cache connects and disconnects with its host; the address comes from the environment.</summary>
public sealed class StartupExample(RedisServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHost_ComesAndGoes_TheCacheConnectsAndDisconnects()
    {
        var host = Host("REDIS_URL", RedisNodes.Patient((await servers.EmbeddedAsync()).ConnectionString));
        var redis = host.Services.GetRequiredService<RedisCache>();

        await host.StartAsync(Stop);
        await Eventually.HoldsAsync(() => redis.IsConnected);
        await host.StopAsync(Stop); // whatever else stops now may still use it
        host.Dispose();

        Assert.False(redis.IsConnected);
    }

    [Fact]
    public async Task AHost_WithTheNodesOfACluster_WritesToAllOfThem()
    {
        var cluster = await servers.ClusterAsync();
        using var host = Host("REDIS_CLUSTER_NODES", cluster.Nodes);
        var redis = host.Services.GetRequiredService<RedisCache>();
        await host.StartAsync(Stop);
        await Eventually.HoldsAsync(() => redis.IsConnected);
        string[] keys = ["stock_price:7203:latest", "stock_price:6758:latest", "stock_price:9984:latest", "stock_price:8306:latest"];

        var stored = await redis.SetManyAsync<int>([.. keys.Select((key, index) => KeyValuePair.Create(key, index))], TimeSpan.FromMinutes(1), Stop);
        var found = await redis.GetManyAsync<int>(keys, Stop);

        Assert.Equal(4, stored);
        Assert.Equal([0, 1, 2, 3], keys.Select(key => found[key]));
        await host.StopAsync(Stop);
    }

    private static IHost Host(string name, string value)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new(name, value)]); // as AddEnvironmentVariables() would
        builder.Services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseRedis(); // a busy machine is no outage
        return builder.Build();
    }
}
