using System.Globalization;
using Kessan.Caching;
using Kessan.Caching.Redis;
using Kessan.Caching.Statistics;

namespace Kessan.CacheHost.Health;

/// <summary>Gathers how the service is; asks Redis, briefly.</summary>
internal sealed class HealthReport(CacheManager manager, IServiceProvider services, TimeProvider time)
{
    private const string Healthy = "healthy";
    private const string Degraded = "degraded";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    // Without an address there is none.
    private readonly RedisCache? _redis = services.GetService<RedisCache>();

    /// <summary>Whether all layers answer; without a second layer they do not.</summary>
    public static bool IsHealthy(CacheHealth health) => health is { Store: not null, Status: CacheHealthStatus.Healthy };

    public async Task<HealthAnswer> GatherAsync(CancellationToken cancellationToken)
    {
        var health = manager.GetHealth();
        var redis = await GatherRedisAsync(health, cancellationToken);
        return new HealthAnswer(
            Word(IsHealthy(health) && redis.Status == Healthy),
            new HealthServices(
                redis,
                new LocalHealth(Healthy, health.Entries, health.SizeBytes, Round(health.HitRatePercent)),
                new BackplaneHealth(
                    Word(health is { Store: not null, IsCoherent: true }),
                    health is { Store: not null, IsCoherent: true },
                    health.BackplaneLag is { } lag ? Math.Round(lag.TotalMilliseconds, 3) : null,
                    health.BackplaneGaps)));
    }

    /// <summary>The second layer alone.</summary>
    public Task<RedisHealth> GatherRedisAsync(CancellationToken cancellationToken) => GatherRedisAsync(manager.GetHealth(), cancellationToken);

    /// <summary>What the servers report; null: they are away, slow, or not Redis.</summary>
    public async Task<RedisServerInfo?> ReadServerAsync(CancellationToken cancellationToken)
    {
        if (_redis is null) return null;
        try
        {
            return await _redis.GetServerInfoAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>A percentage with one digit.</summary>
    public static double? Round(double? percent) => percent is { } value ? Math.Round(value, 1) : null;

    private static string Word(bool isHealthy) => isHealthy ? Healthy : Degraded;

    private async Task<RedisHealth> GatherRedisAsync(CacheHealth health, CancellationToken cancellationToken)
    {
        var server = health.IsConnected ? await ReadServerAsync(cancellationToken) : null;

        // The breaker notices only what is asked for: without traffic the question just asked tells more.
        var connected = health.IsConnected && (_redis is null || server is not null);
        return new RedisHealth(
            Word(connected && _redis?.CanPublish != false),
            connected,
            Round(server?.HitRatePercent),
            server?.UsedMemoryBytes is { } bytes ? Megabytes(bytes) : null,
            server?.TotalCommands,
            (long?)server?.Uptime?.TotalSeconds,
            server?.ConnectedClients);
    }

    private static string Megabytes(long bytes)
        => (bytes / (1024.0 * 1024)).ToString(bytes < 10 << 20 ? "0.#" : "0", CultureInfo.InvariantCulture) + "MB";
}
