using Kessan.EmbeddedRedis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>A program as an example would have it: a host with the cache over Redis, under a prefix of its own on the shared server.</summary>
public abstract class ExampleHost(RedisServers servers) : IAsyncLifetime
{
    private readonly string _prefix = $"{Guid.NewGuid():N}:";
    private IHost? _host;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected RedisCache Redis => Get<RedisCache>();

    protected CacheManager Manager => Get<CacheManager>();

    protected CacheService Cache => Get<CacheService>();

    public async ValueTask InitializeAsync()
    {
        EmbeddedRedisServer server = await servers.EmbeddedAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("REDIS_URL", RedisNodes.Patient(server.ConnectionString))]);
        builder.Services.AddKessanCaching(options =>
            {
                // How long a first call or a heartbeat takes is not the subject.
                options.L2SoftTimeout = TimeSpan.FromSeconds(10);
                options.TrustDuration = TimeSpan.FromMinutes(1);
            })
            .UseRedis(configure: options => options.KeyPrefix = _prefix);
        AddServices(builder.Services);
        _host = builder.Build();
        await _host.StartAsync(Stop);
        await Eventually.HoldsAsync(() => Redis.IsConnected);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is null) return;
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    protected T Get<T>()
        where T : notnull
        => _host!.Services.GetRequiredService<T>();

    /// <summary>What an example registers beside the cache.</summary>
    protected virtual void AddServices(IServiceCollection services)
    {
    }
}
