using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Makes the client, in the background and for as long as it takes, and closes it. Safe for concurrent use.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly IMultiplexerSource _source;
    private readonly RedisStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ReconnectBackoff _backoff = new();
    private readonly ShardIds _shardIds = new();
    private Attempt? _attempt;
    private volatile RedisLink? _link;
    private bool _disposed;

    public RedisConnection(IMultiplexerSource source, RedisStoreOptions options, TimeProvider time, ILogger logger)
    {
        _source = source;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>A connection of a server was lost or came back.</summary>
    public event Action<ConnectionFailedEventArgs, bool>? Changed;

    /// <summary>A server of a cluster said that it has a slot no more.</summary>
    public event Action? SlotMoved;

    /// <summary>The client was made.</summary>
    public event Action<RedisLink>? Opened;

    public RedisLink? Link => _link;

    public bool IsConnected => _link is { IsConnected: true };

    /// <summary>The client; waits for the first attempt to make it, not for later ones.</summary>
    /// <exception cref="CacheStoreException">There is none.</exception>
    public ValueTask<RedisLink> GetLinkAsync(CancellationToken cancellationToken)
    {
        if (_link is { } link) return new(link);
        return FirstAsync();

        async ValueTask<RedisLink> FirstAsync()
        {
            Attempt? attempt;
            lock (_lock) attempt = _attempt;
            if (attempt is null) throw new CacheStoreException("The connection to Redis is closed.");
            await attempt.First.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return _link ?? throw new CacheStoreException("Redis is not connected.");
        }
    }

    /// <summary>Begins to connect; no effect if that has begun.</summary>
    /// <returns>Completes when the first attempt has ended, well or not.</returns>
    public Task ConnectAsync()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_attempt is null)
            {
                _attempt = new Attempt();
                using (ExecutionContext.SuppressFlow())
                {
                    _attempt.Running = Task.Run(() => OpenAsync(_attempt));
                }
            }

            return _attempt.First.Task;
        }
    }

    /// <summary>Closes the client, or stops trying to make one.</summary>
    public async Task DisconnectAsync()
    {
        Attempt? attempt;
        lock (_lock)
        {
            attempt = _attempt;
            _attempt = null;
        }

        if (attempt is null) return;
        await attempt.Stop.CancelAsync().ConfigureAwait(false);
        await attempt.Running.ConfigureAwait(false);
        attempt.First.TrySetResult();
        if (Interlocked.Exchange(ref _link, null) is not { } link) return;
        link.Multiplexer.ConnectionFailed -= OnFailed;
        link.Multiplexer.ConnectionRestored -= OnRestored;
        link.Multiplexer.HashSlotMoved -= OnSlotMoved;
        if (_source.OwnsMultiplexer) await link.Multiplexer.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock) _disposed = true;
        await DisconnectAsync().ConfigureAwait(false);
    }

    private async Task OpenAsync(Attempt attempt)
    {
        for (var failures = 0; !attempt.Stop.IsCancellationRequested; failures++)
        {
            try
            {
                var multiplexer = await ForAsync(attempt, _source.OpenAsync()).ConfigureAwait(false);
                var link = await LinkAsync(multiplexer).ConfigureAwait(false);
                multiplexer.ConnectionFailed += OnFailed;
                multiplexer.ConnectionRestored += OnRestored;
                multiplexer.HashSlotMoved += OnSlotMoved;
                _link = link;
                Opened?.Invoke(link);
                attempt.First.TrySetResult();
                return;
            }
            catch (OperationCanceledException) when (attempt.Stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever keeps the client from being made (DNS, sentinels, a factory of the host): it is tried again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (failures == 0) Log.CannotConnect(_logger, failure.GetType().Name);
            }

            attempt.First.TrySetResult();
            await Task.Delay(_backoff.Delay(failures), _time, attempt.Stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A client of ours that cannot be used is closed: it would keep its connections, and another is made at once.</summary>
    private async Task<RedisLink> LinkAsync(IConnectionMultiplexer multiplexer)
    {
        try
        {
            return new RedisLink(multiplexer, _source.Options, _options.KeyPrefix, _shardIds, _time);
        }
        catch
        {
            if (_source.OwnsMultiplexer) await multiplexer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The client, if it comes before the attempt is stopped; one that comes later is closed, for it would reconnect for ever.</summary>
    private async Task<IConnectionMultiplexer> ForAsync(Attempt attempt, Task<IConnectionMultiplexer> opening)
    {
        try
        {
            return await opening.WaitAsync(attempt.Stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (attempt.Stop.IsCancellationRequested)
        {
            if (_source.OwnsMultiplexer) _ = CloseAsync();
            throw;
        }

        async Task CloseAsync()
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully) await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private void OnFailed(object? sender, ConnectionFailedEventArgs change) => Changed?.Invoke(change, false);

    private void OnRestored(object? sender, ConnectionFailedEventArgs change) => Changed?.Invoke(change, true);

    private void OnSlotMoved(object? sender, HashSlotMovedEventArgs change) => SlotMoved?.Invoke();

    private sealed class Attempt
    {
        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
