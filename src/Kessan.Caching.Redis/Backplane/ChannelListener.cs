using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>
/// Keeps the channel subscribed, from the first wish until it is disposed, over every client that is made. Safe for concurrent use.
/// </summary>
/// <remarks>The client subscribes again by itself after a cut; here is the first time on each client, and what the client does not notice.</remarks>
internal sealed class ChannelListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RedisConnection _connection;
    private readonly Action<RedisLink, RedisValue> _onMessage;
    private readonly ForeignWrites? _foreign;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReconnectBackoff _backoff = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private bool _wanted;
    private volatile bool _renewed;
    private bool _disposed;
    private Task _listening = Task.CompletedTask;
    private RedisLink? _link;
    private Task<ChannelMessageQueue>? _subscribing;
    private ChannelMessageQueue? _queue;

    public ChannelListener(
        RedisConnection connection, Action<RedisLink, RedisValue> onMessage, ForeignWrites? foreign, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _onMessage = onMessage;
        _foreign = foreign;
        _time = time;
        _logger = logger;
        connection.Opened += OnOpened;
    }

    /// <summary>The channel is heard from now on: a heartbeat sent now comes back.</summary>
    public event Action? Listening;

    /// <summary>Begins; no effect if it has begun.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _wanted = true;
            Run();
        }
    }

    /// <summary>
    /// Subscribes anew: what is sent to the channel does not arrive. The client does so by itself after a cut, but does not hear that it was refused.
    /// </summary>
    public void Renew()
    {
        lock (_lock)
        {
            if (!_wanted) return;
            _renewed = true;
            if (_listening.IsCompleted) Run(); // else it is at it
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task listening;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            listening = _listening;
        }

        _connection.Opened -= OnOpened;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        await UnsubscribeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void OnOpened(RedisLink link)
    {
        lock (_lock)
        {
            if (_wanted) Run();
        }
    }

    private void Run()
    {
        if (_disposed) return;
        using (ExecutionContext.SuppressFlow())
        {
            var before = _listening;
            _listening = Task.Run(async () =>
            {
                await before.ConfigureAwait(false);
                await ListenAsync().ConfigureAwait(false);
            });
        }
    }

    private async Task ListenAsync()
    {
        var refusals = 0;
        for (var failures = 0; !_stopping.IsCancellationRequested; failures++)
        {
            if (_connection.Link is not { } link) return; // the next one begins it again
            try
            {
                await SubscribeAsync(link).ConfigureAwait(false);
                await HearForeignAsync(link).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (RedisFailures.IsFailure(failure, CancellationToken.None))
            {
                // While Redis is away that has been said already.
                if (_connection.IsConnected && ++refusals == 4) Log.CannotSubscribe(_logger, failure.GetType().Name);
                await Task.Delay(_backoff.Delay(failures), _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SubscribeAsync(RedisLink link)
    {
        if (!ReferenceEquals(link, _link) || _renewed)
        {
            _renewed = false;
            await UnsubscribeAsync().ConfigureAwait(false);
            _link = link;
        }

        if (_queue is not null) return;

        // One that hangs, because the server does, is waited for again and not asked twice: two would hear everything twice.
        if (_subscribing is null or { IsFaulted: true } or { IsCanceled: true })
            _subscribing = link.Multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal(link.Names.Channel));
        var queue = await _subscribing.WaitAsync(Patience, _time, _stopping.Token).ConfigureAwait(false);
        try
        {
            await HearForeignAsync(link).ConfigureAwait(false); // before L1 is trusted, if it can be had
        }
        finally
        {
            queue.OnMessage(message => _onMessage(link, message.Message));
            _queue = queue;
            Listening?.Invoke();
        }
    }

    private async Task HearForeignAsync(RedisLink link)
    {
        if (_foreign is { IsStarted: false }) await _foreign.StartAsync(link).WaitAsync(Patience, _time, _stopping.Token).ConfigureAwait(false);
    }

    private async Task UnsubscribeAsync()
    {
        var queue = _queue;
        _queue = null;
        _subscribing = null;
        if (queue is not null) await EndAsync(queue.UnsubscribeAsync()).ConfigureAwait(false);
        if (_foreign is not null) await EndAsync(_foreign.StopAsync()).ConfigureAwait(false);

        async Task EndAsync(Task ending)
        {
            Unobserved.Ignore(ending);
            try
            {
                await ending.WaitAsync(Patience, _time).ConfigureAwait(false);
            }
            catch (Exception failure) when (RedisFailures.IsFailure(failure, CancellationToken.None))
            {
                // The connection is gone, and the subscription with it.
            }
        }
    }
}
