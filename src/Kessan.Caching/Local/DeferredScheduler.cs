using BitFaster.Caching;
using BitFaster.Caching.Scheduler;

namespace Kessan.Caching.Local;

/// <summary>
/// Lets the policy of L1 put its books in order a moment later instead of at each write: to wake a thread costs the one who writes more than the
/// write itself. Many writes are worked off together, before the policy's buffer of 128 is full. Safe for concurrent use.
/// </summary>
internal sealed class DeferredScheduler : IScheduler, IDisposable
{
    private const int WritesAtOnce = 48;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(5);

    private readonly Timer _timer;
    private Action? _work;
    private int _writes;
    private long _runs;

    public DeferredScheduler() => _timer = new Timer(static scheduler => ((DeferredScheduler)scheduler!).RunPending(), this, Timeout.Infinite, Timeout.Infinite);

    public bool IsBackground => true;

    public long RunCount => Interlocked.Read(ref _runs);

    public Optional<Exception> LastException => Optional<Exception>.None();

    public void Run(Action action)
    {
        Volatile.Write(ref _work, action);
        _timer.Change(Delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>To be called after each write.</summary>
    public void Wrote()
    {
        if (Interlocked.Increment(ref _writes) < WritesAtOnce) return;
        Volatile.Write(ref _writes, 0);
        if (Interlocked.Exchange(ref _work, null) is { } work) ThreadPool.UnsafeQueueUserWorkItem(static state => state.Scheduler.RunNow(state.Work), (Scheduler: this, Work: work), preferLocal: false);
    }

    public void Dispose() => _timer.Dispose();

    private void RunPending()
    {
        if (Interlocked.Exchange(ref _work, null) is { } work) RunNow(work);
    }

    private void RunNow(Action work)
    {
        Interlocked.Increment(ref _runs);
        work();
    }
}
