using Kessan.Caching;
using Kessan.Caching.Redis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Kessan.Benchmarks.Layer2;

/// <summary>Hosts over one Redis, registered as an application would, each with a connection of its own.</summary>
internal static class Fleet
{
    /// <summary>Ours, connected.</summary>
    public static async Task<IHost> KessanAsync(string redis, Action<KessanCacheOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", redis)]);
        builder.Services.AddKessanCaching().UseRedis();
        if (configure is not null) builder.Services.PostConfigure(configure);
        var host = builder.Build();
        await host.StartAsync();
        _ = host.Services.GetRequiredService<HybridCache>();
        var client = host.Services.GetRequiredService<RedisCache>();
        while (!client.IsConnected || client.BackplaneLag is null) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        return host;
    }

    /// <summary>Stock HybridCache over Microsoft's RedisCache.</summary>
    public static async Task<IHost> StockAsync(string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStackExchangeRedisCache(options => options.Configuration = redis);
        builder.Services.AddHybridCache();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The bare client, with the options that ours has.</summary>
    public static async Task<IConnectionMultiplexer> RawAsync(string redis)
        => await ConnectionMultiplexer.ConnectAsync(RedisConnectionSettings.Parse(redis).CreateOptions());
}
