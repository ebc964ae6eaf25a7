using Kessan.Caching.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Access;

/// <summary>
/// Opens after a row of failures, so that operations stop waiting for a store that is away, and asks it again by itself: at intervals, and
/// when something else shows that it may be back.
/// </summary>
/// <remarks>
/// The probe, not the traffic, finds out that the store is back, and the repair runs before the breaker closes: no read sees
/// the store in the state in which the outage left it.
/// </remarks>
internal sealed class StoreBreaker : IAsyncDisposable
{
    private readonly Func<CancellationToken, ValueTask> _probe;
    private readonly Func<CancellationToken, ValueTask> _repair;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly int _failuresUntilOpen;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private int _failures;
    private volatile bool _isOpen;
    private long _openings;
    private Task _probing = Task.CompletedTask;
    private TaskCompletionSource _hint = NewHint();
    private TaskCompletionSource _closed = NewHint();

    public StoreBreaker(
        KessanCacheOptions options,
        TimeProvider time,
        ILogger logger,
        Func<CancellationToken, ValueTask> probe,
        Func<CancellationToken, ValueTask> repair)
    {
        _probe = probe;
        _repair = repair;
        _time = time;
        _interval = options.L2ProbeInterval;
        _failuresUntilOpen = options.L2FailuresUntilOpen;
        _logger = logger;
    }

    public bool IsOpen => _isOpen;

    /// <summary>Ends when it closes; at once while it is closed.</summary>
    public Task WhenClosedAsync()
    {
        lock (_lock) return _isOpen ? _closed.Task : Task.CompletedTask;
    }

    public long Openings => Interlocked.Read(ref _openings);

    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) != 0) Volatile.Write(ref _failures, 0);
    }

    /// <summary>The store may be back: it is asked at once.</summary>
    public void Hint()
    {
        if (_isOpen) Volatile.Read(ref _hint).TrySetResult();
    }

    public void Failed()
    {
        if (Interlocked.Increment(ref _failures) < _failuresUntilOpen || _isOpen) return;
        lock (_lock)
        {
            if (_isOpen || _stopping.IsCancellationRequested) return;
            _isOpen = true;
            _closed = NewHint();
            Interlocked.Increment(ref _openings);
            Log.StoreAway(_logger);
            using (ExecutionContext.SuppressFlow())
            {
                _probing = ProbeUntilBackAsync(_time.GetTimestamp());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task probing;
        lock (_lock)
        {
            _stopping.Cancel();
            probing = _probing;
        }

        await probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewHint() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync()
    {
        var hint = NewHint();
        Volatile.Write(ref _hint, hint);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        await Task.WhenAny(Task.Delay(_interval, _time, enough.Token), hint.Task).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
    }

    private async Task ProbeUntilBackAsync(long since)
    {
        while (!_stopping.IsCancellationRequested)
        {
            await WaitAsync().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested) return;
            try
            {
                await _probe(_stopping.Token).ConfigureAwait(false);
                await _repair(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is Storage.CacheStoreException or TimeoutException or OperationCanceledException)
            {
                continue; // still away
            }
            catch (Exception failure) // a fault of ours must not keep the breaker open for ever: it is said, and tried again
            {
                Log.RepairFailed(_logger, failure);
                continue;
            }

            Volatile.Write(ref _failures, 0);
            lock (_lock) _isOpen = false;
            _closed.TrySetResult();
            Log.StoreBack(_logger, _time.GetElapsedTime(since).TotalSeconds);
            return;
        }
    }
}
