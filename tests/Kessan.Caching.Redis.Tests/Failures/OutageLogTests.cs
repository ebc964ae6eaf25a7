using Kessan.Testing.Redis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>What an outage leaves in the log, however much work goes on meanwhile.</summary>
public sealed class OutageLogTests : IAsyncLifetime
{
    private RedisServerProcess _server = null!;
    private int _misses;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task TwoOutages_UnderWork_OneLineAtEachBeginningAndEnd()
    {
        using var host = CreateHost();
        await host.StartAsync(Token);
        var log = host.Services.GetFakeLogCollector();
        var redis = host.Services.GetRequiredService<RedisCache>();
        var cache = host.Services.GetRequiredService<HybridCache>();
        var manager = host.Services.GetRequiredService<CacheManager>();
        await Eventually.HoldsAsync(() => Count(log, "Redis is connected") == 1 && manager.GetHealth().IsCoherent); // so it knows which server it is

        for (var outage = 1; outage <= 2; outage++)
        {
            await _server.KillAsync();
            await Eventually.HoldsAsync(async () =>
            {
                await WorkAsync(redis, cache);
                return Count(log, "Redis is away") == outage && Count(log, "L2 is away") == outage;
            });
            for (var i = 0; i < 200; i++) await WorkAsync(redis, cache);
            await _server.StartAsync();
            await Eventually.HoldsAsync(async () =>
            {
                await WorkAsync(redis, cache);
                return Count(log, "Redis is back") == outage && Count(log, "L2 is back") == outage
                    && Count(log, "The Redis server is another one") == outage
                    && await redis.SetAsync("k", 1, TimeSpan.FromMinutes(1), Token);
            });
            for (var i = 0; i < 200; i++) await WorkAsync(redis, cache);
        }

        // That the server is another one afterwards is a line of its own. The engine says the same of L2, and what it repaired.
        Assert.Equal([2000, 2002, 2002, 2003, 2003, 2004, 2004], Lines(id => id >= 2000));
        Assert.Equal([1, 1, 2, 2], Lines(id => id is 1 or 2));
        Assert.True(redis.Failures > 200);
        await host.StopAsync(Token);

        IEnumerable<int> Lines(Func<int, bool> isMeant) => log.GetSnapshot()
            .Where(record => record.Level >= LogLevel.Information && record.Category?.StartsWith("Kessan", StringComparison.Ordinal) == true)
            .Select(record => record.Id.Id).Where(isMeant).Order();
    }

    private async Task WorkAsync(RedisCache redis, HybridCache cache)
    {
        await redis.SetAsync("k", 1, TimeSpan.FromMinutes(1), Token);
        await redis.GetAsync<int>("k", Token);
        await cache.SetAsync("e", 1, cancellationToken: Token);
        await cache.GetOrCreateAsync($"m{_misses++}", _ => ValueTask.FromResult(1), cancellationToken: Token);
        await cache.RemoveByTagAsync("t", Token);
    }

    private static int Count(FakeLogCollector log, string beginning)
        => log.GetSnapshot().Count(record => record.Message.StartsWith(beginning, StringComparison.Ordinal));

    private IHost CreateHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", RedisNodes.Patient(_server.Address))]);
        builder.Services.AddLogging(logging => logging.AddFakeLogging());
        builder.Services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseRedis(); // a busy machine is no outage
        return builder.Build();
    }
}
