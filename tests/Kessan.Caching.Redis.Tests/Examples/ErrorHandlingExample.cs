using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Redis is not there, and nothing breaks.</summary>
public sealed class ErrorHandlingExample
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutRedis_TheProgramGoesOn()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("REDIS_URL", "redis://127.0.0.1:1")]);
        builder.Services.AddKessanCaching().UseRedis();
        using var host = builder.Build();
        await host.StartAsync(Stop);
        var (redis, cache) = (host.Services.GetRequiredService<RedisCache>(), host.Services.GetRequiredService<CacheService>());

        // By hand, over Redis alone: nothing there means a miss or an outage, and a write that fails says so and no more.
        var data = await redis.GetAsync<string>("some_key", Stop);
        var isKept = true;
        if (data is null)
        {
            data = "from the database";
            isKept = await redis.SetAsync("some_key", data, TimeSpan.FromMinutes(5), Stop);
        }

        // By the cache service, which has a first layer to go on with.
        var calls = 0;
        for (var i = 0; i < 2; i++) await cache.GetOrSetAsync("some_key", _ => ValueTask.FromResult(++calls), cancellationToken: Stop);

        Assert.Equal(("from the database", false), (data, isKept));
        Assert.Equal(1, calls);
        await host.StopAsync(Stop);
    }
}
