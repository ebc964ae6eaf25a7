namespace Kessan.Testing;

/// <summary>How long a loaded machine did not let this process run: by how much a short timer came late.</summary>
public sealed class StallWatch : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // What a timer is late by on a machine that has nothing else to do.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;
    private long _ticks;

    public StallWatch() => _watching = WatchAsync();

    /// <summary>All of it since this was made.</summary>
    public TimeSpan Total => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

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
            var since = TimeProvider.System.GetTimestamp();
            await Task.Delay(Tick, TimeProvider.System, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var late = TimeProvider.System.GetElapsedTime(since) - Tick - Slack;
            if (late > TimeSpan.Zero) Interlocked.Add(ref _ticks, late.Ticks);
        }
    }
}
