using Kessan.Caching.Keys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>A host as an application makes it: one line of registration, and the address in <c>REDIS_URL</c>.</summary>
internal sealed class ExampleApplication : IAsyncDisposable
{
    private readonly IHost _host;

    private ExampleApplication(IHost host) => _host = host;

    public RedisCache Redis => _host.Services.GetRequiredService<RedisCache>();

    public CacheManager Manager => _host.Services.GetRequiredService<CacheManager>();

    public CacheService Cache => _host.Services.GetRequiredService<CacheService>();

    public CacheKeyBuilder Keys => Cache.Keys;

    /// <summary>Connects with the host's start, as it disconnects with its end.</summary>
    public static async Task<ExampleApplication> StartAsync(string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("REDIS_URL", $"redis://{redis}")]);
        builder.Services.AddKessanCaching().UseRedis();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var application = new ExampleApplication(host);
        Assert.True(await application.Redis.ConnectAsync(TestContext.Current.CancellationToken));
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
