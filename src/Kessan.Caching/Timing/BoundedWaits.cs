using System.Threading.Tasks.Sources;

namespace Kessan.Caching.Timing;

/// <summary>
/// Waits for tasks, each at most the same time. All waits share one timer: they end in the order in which they began, so that it need only
/// be set for the oldest. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>A timer that comes late says that this process was held up (by a garbage collection, by a debugger, by the machine) and not that nothing came: answers
/// that have arrived meanwhile get a moment to be read before the waits end.</para>
/// <para>Nothing to dispose: what still waits when its owner ends is to end as well, and a timer that is not set is garbage like the rest.</para>
/// </remarks>
internal sealed class BoundedWaits
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private readonly long _limitInTicks;
    private Wait? _oldest;
    private Wait? _newest;
    private bool _isSet;
    private bool _isGrace;

    public BoundedWaits(TimeSpan limit, TimeProvider time)
    {
        _time = time;
        _limit = limit;
        _limitInTicks = (long)(limit.TotalSeconds * time.TimestampFrequency);
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static waits => ((BoundedWaits)waits!).EndOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Completes with <see langword="true"/> when the task ends, however, or with <see langword="false"/> when the time is up.</summary>
    public ValueTask<bool> EndsInTimeAsync(Task task)
    {
        if (task.IsCompleted) return new(true);
        var wait = new Wait(this) { Due = _time.GetTimestamp() + _limitInTicks };
        lock (_lock)
        {
            Append(wait);
            if (!_isSet) Set(_limit);
        }

        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(wait.TaskEnded);
        return new(wait, wait.Version);
    }

    private void Set(TimeSpan after)
    {
        _isSet = true;
        _timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    private void EndOverdue()
    {
        while (true)
        {
            Wait overdue;
            lock (_lock)
            {
                _isSet = false;
                var left = _oldest is null ? TimeSpan.MaxValue : _time.GetElapsedTime(_time.GetTimestamp(), _oldest.Due);
                if (left <= -Late && !_isGrace)
                {
                    _isGrace = true;
                    Set(Grace);
                    return;
                }

                if (left > TimeSpan.Zero) _isGrace = false;
                if (_oldest is null) return;
                if (left > TimeSpan.Zero)
                {
                    // A timer counts whole milliseconds, and may come early by one.
                    Set(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left);
                    return;
                }

                overdue = _oldest;
                Unlink(overdue);
            }

            overdue.TimeOut();
        }
    }

    private void Append(Wait wait)
    {
        wait.Older = _newest;
        if (_newest is null) _oldest = wait;
        else _newest.Newer = wait;
        _newest = wait;
        wait.IsLinked = true;
    }

    private void Unlink(Wait wait)
    {
        if (wait.Older is null) _oldest = wait.Newer;
        else wait.Older.Newer = wait.Newer;
        if (wait.Newer is null) _newest = wait.Older;
        else wait.Newer.Older = wait.Older;
        wait.Older = wait.Newer = null;
        wait.IsLinked = false;
    }

    /// <summary>One wait; whoever unlinks it, its task or the timer, completes it.</summary>
    private sealed class Wait(BoundedWaits all) : IValueTaskSource<bool>
    {
        private ManualResetValueTaskSourceCore<bool> _core;

        public long Due { get; init; }

        public Wait? Older { get; set; }

        public Wait? Newer { get; set; }

        public bool IsLinked { get; set; }

        public short Version => _core.Version;

        public void TaskEnded()
        {
            lock (all._lock)
            {
                if (!IsLinked) return;
                all.Unlink(this);
            }

            _core.SetResult(true);
        }

        public void TimeOut()
        {
            _core.RunContinuationsAsynchronously = true; // the other waits must not wait for what this one's caller does next
            _core.SetResult(false);
        }

        public bool GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
            => _core.OnCompleted(continuation, state, token, flags);
    }
}
