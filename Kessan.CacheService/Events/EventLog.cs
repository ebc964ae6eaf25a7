using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Events;

/// <summary>
/// What this replica has heard of the store, numbered: a ring that all event streams read, each at its own pace. Nothing is queued for
/// a client, so a slow one costs nothing; when the ring has overtaken it, it is told that it missed something.
/// </summary>
/// <remarks>Safe for concurrent use. An event is appended after this replica's own L1 has followed it.</remarks>
internal sealed class EventLog : IStoreSubscriber, IHostedService
{
    private readonly CacheEntries _entries;
    private readonly TimeProvider _time;
    private readonly ServiceEvent?[] _ring;
    private readonly Lock _lock = new();
    private IDisposable? _subscription;
    private TaskCompletionSource _news = NewSignal();
    private long _last;
    private long? _wholeAt;

    public EventLog(CacheEntries entries, TimeProvider time, IOptions<EventOptions> options)
    {
        _entries = entries;
        _time = time;
        _ring = new ServiceEvent?[options.Value.Ring];
    }

    /// <summary>The number of the last event.</summary>
    public long Last
    {
        get
        {
            lock (_lock) return _last;
        }
    }

    /// <summary>Whether a client that has seen everything up to this number can go on from there.</summary>
    public bool CanResumeAfter(long number)
    {
        lock (_lock) return number >= 0 && number <= _last && number >= _last - _ring.Length;
    }

    /// <summary>Takes at most <paramref name="most"/> events after <paramref name="position"/>, and what is known of the channel behind them.</summary>
    /// <returns><see langword="null"/>: the ring has overtaken the reader.</returns>
    public EventReading? Read(long position, List<ServiceEvent> into, int most)
    {
        into.Clear();
        lock (_lock)
        {
            if (position < _last - _ring.Length) return null;
            var end = Math.Min(_last, position + most);
            for (var number = position + 1; number <= end; number++) into.Add(_ring[number % _ring.Length]!);

            // Who is behind knows nothing yet of the channel's present, and has news already.
            return end < _last ? new EventReading(end, null, Task.CompletedTask) : new EventReading(_last, _wholeAt, _news.Task);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = _entries.Subscribe(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnMessage(in StoreMessage message)
    {
        switch (message.Kind)
        {
            case StoreMessageKind.Set or StoreMessageKind.Removed when !RequestRules.IsRefused(message.Subject):
                Append(ServiceEvent.Key, message.Kind, message.Subject, message.Version);
                break;
            case StoreMessageKind.LeaseReleased when !RequestRules.IsRefused(message.Subject):
                Append(ServiceEvent.Lease, message.Kind, message.Subject, message.Version);
                break;
            case StoreMessageKind.TagRemoved:
                Append(ServiceEvent.Tag, message.Kind, message.Subject, message.Version);
                break;
            default:
                break; // a number that came to nothing, or a heartbeat: our own numbers and heartbeats take their place
        }
    }

    public void OnAlive(TimeSpan age)
    {
        lock (_lock)
        {
            var proved = _time.GetTimestamp() - (long)(age.TotalSeconds * _time.TimestampFrequency);
            if (_wholeAt is { } before && proved <= before) return;
            _wholeAt = proved;
            Signal();
        }
    }

    public void OnLost() => Append(ServiceEvent.Reset, StoreMessageKind.Void, "lost", 0);

    public void OnServerChanged() => Append(ServiceEvent.Reset, StoreMessageKind.Void, "server_changed", 0);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Append(string name, StoreMessageKind kind, string subject, long version)
    {
        lock (_lock)
        {
            _last++;
            _ring[_last % _ring.Length] = new ServiceEvent(_last, name, kind, subject, version);
            Signal();
        }
    }

    private void Signal()
    {
        var news = _news;
        _news = NewSignal();
        news.SetResult();
    }
}
