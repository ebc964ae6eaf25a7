using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.MarketApi.Tests;

/// <summary>A clock that the test moves when it has seen that somebody waits for it.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(MarketApiHost.Start)
{
    private readonly ConcurrentDictionary<DateTimeOffset, TaskCompletionSource> _waits = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= TimeSpan.Zero)
            WaitUntil(GetUtcNow() + dueTime).TrySetResult();
        return timer;
    }

    /// <summary>Comes back when somebody waits until exactly an instant.</summary>
    public Task SeeWaitAsync(DateTimeOffset end) =>
        WaitUntil(end).Task.WaitAsync(TimeSpan.FromMinutes(1), System, TestContext.Current.CancellationToken);

    /// <summary>Moves to an instant once somebody waits until exactly then.</summary>
    public async Task MoveToAsync(DateTimeOffset end)
    {
        await SeeWaitAsync(end);
        SetUtcNow(end);
    }

    private TaskCompletionSource WaitUntil(DateTimeOffset end) =>
        _waits.GetOrAdd(end, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
