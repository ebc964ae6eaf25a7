using Kessan.Caching.Lifetimes;
using Kessan.Caching.Redis.Entries;
using Kessan.Caching.Redis.Scan;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Redis;

/// <summary>
/// The second layer by itself, for those who want Redis and no first layer: what it answers is what Redis has. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>No member throws because Redis is away or none is configured: it returns null, false or 0, logs at Debug and counts in
/// <see cref="Failures"/>; the beginning and the end of an outage are logged once each. A wrong argument throws
/// <see cref="ArgumentException"/>, and the caller's token <see cref="OperationCanceledException"/>.</para>
/// <para>Entries and values are read and written within <c>Kessan:Cache:L2SoftTimeout</c> (250 ms), and not at all while the breaker, which is the
/// engine's, is open. A read that fails is tried again within that time, up to three times in all; what the server refuses is a warning in the log.
/// Batches go in parts of 500 keys and some megabytes, each with that time of its own. What walks through all keys (by pattern, clean
/// up) and what the server reports has the client's own time limit for each command.</para>
/// </remarks>
public sealed partial class RedisCache
{
    // The breaker asks at intervals of half a second, and repeats what the store missed before it closes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly RedisStore? _store;
    private readonly GuardedStore? _guarded;
    private readonly CacheTtlPolicy _lifetimes;
    private readonly ValueEntries _values;
    private readonly ILogger _logger;
    private long _failures;

    internal RedisCache(
        RedisStore? store,
        GuardedStore? guarded,
        CacheTtlPolicy lifetimes,
        ValueSerializer serializer,
        KessanCacheOptions options,
        ILoggerFactory loggers)
    {
        _store = store;
        _guarded = guarded;
        _lifetimes = lifetimes;
        _logger = loggers.CreateLogger("Kessan.Caching.Redis");
        _values = new ValueEntries(serializer, options, lifetimes, _logger);
    }

    /// <summary>Whether an address is configured at all.</summary>
    public bool IsConfigured => _store is not null;

    /// <summary>Whether every primary is connected now.</summary>
    public bool IsConnected => _store is { Connection.IsConnected: true };

    /// <summary>
    /// Whether this user may publish to the store's channel; <see langword="null"/> while that is not known. If not, nothing can be
    /// written.
    /// </summary>
    public bool? CanPublish => _store?.Pulse.CanPublish;

    /// <summary>How long the last heartbeat took from here over the channel back to here.</summary>
    public TimeSpan? BackplaneLag => _store?.Backplane.Lag;

    /// <summary>How many operations were not carried out since the start because Redis was away or refused them.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>The store behind, as the engine sees it; <see langword="null"/> if no address is configured.</summary>
    public ICacheStore? Store => _store;

    /// <summary>Connects; done by itself when the host starts. Goes on in the background if Redis is away.</summary>
    /// <returns>Whether it is connected now.</returns>
    public Task<bool> ConnectAsync(CancellationToken cancellationToken = default) => TryAsync(
        "connect",
        async store =>
        {
            await store.Connection.ConnectAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!store.Connection.IsConnected) return false;
            await _guarded!.WaitUntilAvailableAsync(Patience, cancellationToken).ConfigureAwait(false);
            return store.Connection.IsConnected;
        },
        cancellationToken);

    /// <summary>Disconnects; done by itself when the host stops. Everything fails until the next <see cref="ConnectAsync"/>.</summary>
    public Task DisconnectAsync(CancellationToken cancellationToken = default)
        => _store?.Connection.DisconnectAsync().WaitAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>What the servers report of themselves; <see langword="null"/>: they are away.</summary>
    public Task<RedisServerInfo?> GetServerInfoAsync(CancellationToken cancellationToken = default) => TryAsync(
        "info", store => ServerInfoReader.ReadAsync(store.Connection, cancellationToken), cancellationToken);

    /// <summary>Counts an operation that gave nothing because it was not carried out.</summary>
    private T? Counted<T>(T? answer)
    {
        if (answer is null && _store is not null) Interlocked.Increment(ref _failures);
        return answer;
    }

    private async Task<T?> TryAsync<T>(string operation, Func<RedisStore, Task<T>> action, CancellationToken cancellationToken)
    {
        if (_store is null) return default;
        try
        {
            return await action(_store).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is CacheStoreException || Scripts.RedisFailures.IsFailure(failure, cancellationToken))
        {
            Interlocked.Increment(ref _failures);
            Log.OperationFailed(_logger, operation, failure);
            return default;
        }
    }
}
