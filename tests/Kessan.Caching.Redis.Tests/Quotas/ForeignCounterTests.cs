using Kessan.Caching.Quotas;
using Kessan.Testing.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests.Quotas;

/// <summary>A counter's key that another program has for something else.</summary>
public sealed class ForeignCounterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counter_OfAForeignType_IsCountedHere_AndTheCacheGoesOn()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        server.Ask("RPUSH", "api_quota:user123:daily", "not a number");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", $"{server.Address},asyncTimeout=10000")]);
        builder.Services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseRedis();
        using var host = builder.Build();
        await host.StartAsync(Token);
        var breaker = host.Services.GetRequiredService<KessanHybridCache>().Node.Store!.Breaker;
        var quotas = host.Services.GetRequiredService<CacheService>();
        await Eventually.HoldsAsync(() => host.Services.GetRequiredService<RedisCache>().IsConnected && !breaker.IsOpen);

        for (var i = 1; i <= 5; i++)
        {
            var status = await quotas.TrackQuotaAsync("user123", QuotaWindow.Daily, cancellationToken: Token);
            Assert.Equal((i, true), (status.Usage, status.IsLocal));
            Assert.False(breaker.IsOpen);
        }

        await host.StopAsync(Token);
    }
}
