using System.Globalization;
using Kessan.Caching;
using Kessan.Caching.Redis;

namespace Kessan.CacheHost.Health;

/// <summary>Gathers how the service is; asks Redis, briefly and at most once a second however many ask us. Safe for concurrent use.</summary>
internal sealed class HealthReport(CacheManager manager, IServiceProvider services, TimeProvider time)
{
    private const string Healthy = "healthy";
    private const string Degraded = "degraded";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Shelf = TimeSpan.FromSeconds(1);

    // No answer is believed for less: the connection may take a second to come back, and two are promised until we say so.
    private static readonly TimeSpan ShelfOfSilence = TimeSpan.FromMilliseconds(250);

    // Without an address there is none.
    private readonly RedisCache? _redis = services.GetService<RedisCache>();
    private readonly Lock _lock = new();
    private Task<RedisServerInfo?>? _asked;
    private long _askedAt;

    /// <summary>How it is now: the one judgement behind all the answers.</summary>
    public async Task<HealthFindings> AssessAsync(CancellationToken cancellationToken)
    {
        var health = manager.GetHealth();
        var server = health.IsConnected ? await ReadServerAsync(cancellationToken) : null;

        // The breaker notices only what is asked for: without traffic the question just asked tells more.
        var connected = health.IsConnected && (_redis is null || server is not null);
        return new HealthFindings(health, server, connected, _redis?.CanPublish != false);
    }

    public async Task<HealthAnswer> GatherAsync(CancellationToken cancellationToken)
    {
        var findings = await AssessAsync(cancellationToken);
        var health = findings.Cache;
        return new HealthAnswer(
            Word(findings.IsHealthy),
            new HealthServices(
                ToRedis(findings),
                new LocalHealth(Healthy, health.Entries, health.SizeBytes, Round(health.HitRatePercent)),
                new BackplaneHealth(
                    Word(findings.IsCoherent),
                    findings.IsCoherent,
                    health.BackplaneLag is { } lag ? Math.Round(lag.TotalMilliseconds, 3) : null,
                    health.BackplaneGaps)));
    }

    /// <summary>The second layer alone.</summary>
    public async Task<RedisHealth> GatherRedisAsync(CancellationToken cancellationToken) => ToRedis(await AssessAsync(cancellationToken));

    /// <summary>What the servers reported less than a second ago; null: they are away, slow, or not Redis.</summary>
    public Task<RedisServerInfo?> ReadServerAsync(CancellationToken cancellationToken)
    {
        if (_redis is null) return Task.FromResult<RedisServerInfo?>(null);
        lock (_lock)
        {
            if (_asked is null || (_asked.IsCompleted && time.GetElapsedTime(_askedAt) >= (_asked.Result is null ? ShelfOfSilence : Shelf)))
            {
                _askedAt = time.GetTimestamp();
                _asked = AskAsync(_redis);
            }

            return _asked.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A percentage with one digit.</summary>
    public static double? Round(double? percent) => percent is { } value ? Math.Round(value, 1) : null;

    private static string Word(bool isHealthy) => isHealthy ? Healthy : Degraded;

    private static RedisHealth ToRedis(in HealthFindings findings) => new(
        Word(findings.IsConnected && findings.CanPublish),
        findings.IsConnected,
        Round(findings.Server?.HitRatePercent),
        findings.Server?.UsedMemoryBytes is { } bytes ? Megabytes(bytes) : null,
        findings.Server?.TotalCommands,
        (long?)findings.Server?.Uptime?.TotalSeconds,
        findings.Server?.ConnectedClients);

    private static string Megabytes(long bytes)
        => (bytes / (1024.0 * 1024)).ToString(bytes < 10 << 20 ? "0.#" : "0", CultureInfo.InvariantCulture) + "MB";

    // For all who ask meanwhile: no caller's token ends it.
    private async Task<RedisServerInfo?> AskAsync(RedisCache redis)
    {
        try
        {
            return await redis.GetServerInfoAsync(CancellationToken.None).WaitAsync(Patience, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
