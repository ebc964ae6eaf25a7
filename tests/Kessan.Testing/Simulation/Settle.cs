namespace Kessan.Testing.Simulation;

/// <summary>Waits for what other threads are about to do, by looking, never by the clock alone.</summary>
public static class Settle
{
    // The look itself: its work item, and the yield.
    private const int OwnItems = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Lets the thread pool work off what is queued, and what that queues. Exact under <see cref="OneWorker"/>, where nothing else can be
    /// under way while this looks; without it, returns when nothing was pending and nothing was completed but our own looks, several times
    /// in a row.
    /// </summary>
    public static async Task AllAsync()
    {
        if (OneWorker.IsInForce)
        {
            do
            {
                await HopAsync().ConfigureAwait(false);
            }
            while (ThreadPool.PendingWorkItemCount > 0);
            return;
        }

        for (var (quiet, looks) = (0, 0); quiet < 3 && looks < 1_000; looks++)
        {
            var completed = ThreadPool.CompletedWorkItemCount;
            await HopAsync().ConfigureAwait(false);
            await Task.Yield();
            var others = ThreadPool.CompletedWorkItemCount - completed - OwnItems;
            quiet = others <= 0 && ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
        }
    }

    /// <summary>Goes to the end of the thread pool's queue, and goes on as that very item.</summary>
    private static Task HopAsync()
    {
        var reached = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static reached => reached.SetResult(), reached, preferLocal: false);
        return reached.Task;
    }

    /// <summary>Waits until a condition holds; fails after 30 s of real time, naming it.</summary>
    public static async Task UntilAsync(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"It never came to be that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The same, while fake time passes in steps: at first as fast as it can, then a step a millisecond, since on a busy machine a thread that is to do
    /// the next thing may not run for a while.
    /// </summary>
    public static async Task UntilAsync(
        this SimulatedFleet fleet, Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        const int Steps = 100;
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; !condition(); i++)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"It never came to be that {what}.");
            await fleet.PassAsync(TimeSpan.FromMilliseconds(50));
            if (i >= Steps) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System).ConfigureAwait(false);
        }
    }
}
