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
    private readonly ChannelListener _listener;
    private readonly Lock _delivering = new();
    private readonly SenderNames _senders = new();
    private readonly Dictionary<int, long> _returned = []; // shard -> when our last heartbeat that came back was sent
    private volatile IStoreSubscriber[] _subscribers = [];
    private long _lostAt = long.MinValue;
    private long _lastProof;
    private long _lag;

    public RedisBackplane(RedisConnection connection, string nodeId, RedisStoreOptions options, TimeProvider time, ILogger logger)
    {
        if (options.KeyspaceNotifications) _foreign = new ForeignWrites(time, logger, message => Deliver(message));
        _listener = new ChannelListener(connection, OnMessage, _foreign, time, logger);
        _connection = connection;
        _nodeId = nodeId;
        _time = time;
        _logger = logger;
        connection.Changed += OnConnectionChanged;
    }

    /// <summary>The channel is heard from now on: a heartbeat sent now comes back.</summary>
    public event Action? Listening
    {
        add => _listener.Listening += value;
        remove => _listener.Listening -= value;
    }

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

        _listener.Start();
        return new Subscription(this, subscriber);
    }

    /// <summary>Messages may have been lost.</summary>
    public void Lose()
    {
        lock (_delivering)
        {
            _returned.Clear();
            _lostAt = _time.GetTimestamp();
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

    /// <summary>Heartbeats do not come back although they are published: subscribes anew.</summary>
    public void Renew()
    {
        Lose();
        _listener.Renew();
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
        lock (_delivering) _subscribers = [];
        await _listener.DisposeAsync().ConfigureAwait(false);
    }

    private void Remove(IStoreSubscriber subscriber)
    {
        lock (_delivering)
        {
            _subscribers = [.. _subscribers.Where(other => !ReferenceEquals(other, subscriber))];
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
        // The client may hand on what it had read before the channel was cut after it has said that it was: that proves nothing.
        if (sentAt <= _lostAt) return;
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
        public ValueTask DisposeAsync()
        {
            backplane.Remove(subscriber);
            return default;
        }
    }
}
