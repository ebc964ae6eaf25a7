namespace Kessan.Testing;

/// <summary>How long a loaded machine did not let this process run: by how much a short timer came late.</summary>
public sealed class StallWatch : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // What a timer is late by on a machine that has nothing else to do.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();
    private TimeSpan _before; // the present tick
    private long _since = TimeProvider.System.GetTimestamp();
    private bool _isOver;

    /// <summary>Begins to watch.</summary>
    public StallWatch() => _watching = WatchAsync();

    /// <summary>All of it since this was made, the stall that lasts or has just ended too.</summary>
    public TimeSpan Total
    {
        get
        {
            lock (_lock) return _isOver ? _before : _before + Late();
        }
    }

    /// <summary>Ends it; the total stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            await Task.Delay(Tick, TimeProvider.System, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_lock)
            {
                _before += Late();
                _since = TimeProvider.System.GetTimestamp();
            }
        }

        lock (_lock) _isOver = true;
    }

    private TimeSpan Late()
    {
        var late = TimeProvider.System.GetElapsedTime(_since) - Tick - Slack;
        return late > TimeSpan.Zero ? late : TimeSpan.Zero;
    }
}
