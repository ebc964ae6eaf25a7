using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>Hears the channel and hands on what it says, one call at a time. Safe for concurrent use.</summary>
internal sealed class RedisBackplane : IAsyncDisposable
{
    private readonly RedisConnection _connection;
    private readonly string _nodeId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ForeignWrites? _foreign;
    private readonly Lock _delivering = new();
    private readonly SenderNames _senders = new();
    private readonly Dictionary<int, long> _returned = []; // shard -> when our last heartbeat that came back was sent
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ReconnectBackoff _backoff = new();
    private volatile IStoreSubscriber[] _subscribers = [];
    private RedisLink? _subscribedTo;
    private ChannelMessageQueue? _queue;
    private long _lastProof;
    private long _lag;

    public RedisBackplane(RedisConnection connection, string nodeId, RedisStoreOptions options, TimeProvider time, ILogger logger)
    {
        if (options.KeyspaceNotifications) _foreign = new ForeignWrites(time, logger, message => Deliver(message));
        _connection = connection;
        _nodeId = nodeId;
        _time = time;
        _logger = logger;
        connection.Opened += _ => BeginListening();
        connection.Changed += OnConnectionChanged;
    }

    /// <summary>The channel is heard from now on: a heartbeat sent now comes back.</summary>
    public event Action? Listening;

    /// <summary>How long our last heartbeat took to come back.</summary>
    public TimeSpan? Lag => Interlocked.Read(ref _lag) is var ticks and > 0 ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>When the last heartbeat that came back was sent; 0: none has.</summary>
    public long LastProof => Interlocked.Read(ref _lastProof);

    /// <summary>Whether somebody listens.</summary>
    public bool IsWanted => _subscribers.Length > 0;

    public IAsyncDisposable Subscribe(IStoreSubscriber subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_delivering)
        {
            _subscribers = [.. _subscribers, subscriber];
        }

        BeginListening();
        return new Subscription(this, subscriber);
    }

    /// <summary>Messages may have been lost.</summary>
    public void Lose()
    {
        lock (_delivering)
        {
            _returned.Clear();
            Interlocked.Exchange(ref _lastProof, 0);
            Deliver(static (subscriber, _) => subscriber.OnLost(), 0);
        }
    }

    /// <summary>A server is another one, or was restarted.</summary>
    public void ServerChanged()
    {
        Log.ServerChanged(_logger);
        lock (_delivering)
        {
            Deliver(static (subscriber, _) => subscriber.OnServerChanged(), 0);
        }
    }

    /// <summary>Hands on a message that did not come over the channel.</summary>
    public void Deliver(in StoreMessage message)
    {
        lock (_delivering)
        {
            Deliver(static (subscriber, message) => subscriber.OnMessage(message), message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Changed -= OnConnectionChanged;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _subscribers = [];
        await _changing.WaitAsync().ConfigureAwait(false);
        await StopListeningAsync().ConfigureAwait(false);
    }

    private void BeginListening()
    {
        if (!IsWanted) return;
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(ListenAsync);
        }
    }

    private async Task ListenAsync()
    {
        for (var failures = 0; IsWanted && !_stopping.IsCancellationRequested; failures++)
        {
            try
            {
                await _changing.WaitAsync(_stopping.Token).ConfigureAwait(false);
                try
                {
                    if (_connection.Link is not { } link || ReferenceEquals(link, _subscribedTo)) return;
                    await StopListeningAsync().ConfigureAwait(false);
                    var subscriber = link.Multiplexer.GetSubscriber();
                    _queue = await subscriber.SubscribeAsync(RedisChannel.Literal(link.Names.Channel)).ConfigureAwait(false);
                    _queue.OnMessage(message => OnMessage(link, message.Message));
                    if (_foreign is not null) await _foreign.StartAsync(link).ConfigureAwait(false);
                    _subscribedTo = link;
                    Listening?.Invoke();
                    return;
                }
                finally
                {
                    _changing.Release();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (Scripts.RedisFailures.IsFailure(failure, CancellationToken.None))
            {
                if (failures == 3) Log.CannotSubscribe(_logger, failure.GetType().Name);
                await Task.Delay(_backoff.Delay(failures), _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StopListeningAsync()
    {
        if (_queue is not { } queue) return;
        _queue = null;
        _subscribedTo = null;
        try
        {
            await queue.UnsubscribeAsync().ConfigureAwait(false);
            if (_foreign is not null) await _foreign.StopAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (Scripts.RedisFailures.IsFailure(failure, CancellationToken.None))
        {
            // The connection is gone, and the subscription with it.
        }
    }

    private async ValueTask RemoveAsync(IStoreSubscriber subscriber)
    {
        lock (_delivering)
        {
            _subscribers = [.. _subscribers.Where(other => !ReferenceEquals(other, subscriber))];
        }

        if (IsWanted || _stopping.IsCancellationRequested) return;
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!IsWanted) await StopListeningAsync().ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    private void OnMessage(RedisLink link, RedisValue value)
    {
        ReadOnlyMemory<byte> bytes = value;
        lock (_delivering)
        {
            if (!MessageFormat.TryDecode(bytes.Span, _senders, out var message)) return;
            if (message.Kind != StoreMessageKind.Heartbeat)
            {
                _foreign?.Note(message);
                Deliver(static (subscriber, message) => subscriber.OnMessage(message), message);
                return;
            }

            Deliver(static (subscriber, message) => subscriber.OnMessage(message), message with { Version = 0 });
            if (message.Sender == _nodeId) OnHeartbeatReturned(link, message.Shard, message.Version);
        }
    }

    /// <summary>The channel is proved as far back as the oldest of the last heartbeats through each of the primaries.</summary>
    private void OnHeartbeatReturned(RedisLink link, int shard, long sentAt)
    {
        _returned[shard] = sentAt;
        var oldest = long.MaxValue;
        foreach (var primary in link.Topology?.Primaries ?? [])
        {
            if (!_returned.TryGetValue(primary.Id, out var at)) return;
            oldest = Math.Min(oldest, at);
        }

        if (oldest == long.MaxValue || oldest <= _lastProof) return;
        Interlocked.Exchange(ref _lastProof, oldest);
        var age = _time.GetElapsedTime(oldest);
        Interlocked.Exchange(ref _lag, Math.Max(1, age.Ticks));
        Deliver(static (subscriber, age) => subscriber.OnAlive(age), age);
    }

    private void OnConnectionChanged(ConnectionFailedEventArgs change, bool restored)
    {
        if (restored || !IsWanted) return;
        if (change.ConnectionType == ConnectionType.Subscription || _connection.Link is { SharesConnection: true }) Lose();
    }

    private void Deliver<T>(Action<IStoreSubscriber, T> call, T argument)
    {
        foreach (var subscriber in _subscribers)
        {
            try
            {
                call(subscriber, argument);
            }
#pragma warning disable CA1031 // One subscriber's fault must not cost the others their messages.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Log.SubscriberFailed(_logger, failure);
            }
        }
    }

    private sealed class Subscription(RedisBackplane backplane, IStoreSubscriber subscriber) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => backplane.RemoveAsync(subscriber);
    }
}
