using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.MarketApi.Tests;

/// <summary>A clock that the test moves when it has seen that somebody waits for it.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(MarketApiHost.Start)
{
    private readonly ConcurrentDictionary<DateTimeOffset, int> _ends = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var end = dueTime >= TimeSpan.Zero ? GetUtcNow() + dueTime : DateTimeOffset.MaxValue;
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _ends.AddOrUpdate(end, 1, static (_, count) => count + 1);
        return timer;
    }

    /// <summary>Moves to an instant once somebody waits until exactly then.</summary>
    public async Task MoveToAsync(DateTimeOffset end)
    {
        while (!_ends.ContainsKey(end))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        SetUtcNow(end);
    }
}
