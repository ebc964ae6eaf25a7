using Kessan.Caching.Timing;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Engine;

public sealed class BoundedWaitsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly BoundedWaits _waits;

    public BoundedWaitsTests() => _waits = new BoundedWaits(Limit, _time);

    [Fact]
    public async Task Task_EndsInTime_IsSaidAtOnce()
    {
        var work = new TaskCompletionSource();
        var wait = _waits.EndsInTimeAsync(work.Task);
        Assert.False(wait.IsCompleted);

        work.SetResult();

        Assert.True(await wait);
    }

    [Fact]
    public async Task Task_EndedBefore_NeedsNoTimer()
    {
        Assert.True(await _waits.EndsInTimeAsync(Task.CompletedTask));
        Assert.True(await _waits.EndsInTimeAsync(Task.FromException(new InvalidOperationException())));
    }

    [Fact]
    public async Task Task_Fails_HasEnded()
    {
        var work = new TaskCompletionSource();
        var wait = _waits.EndsInTimeAsync(work.Task);

        work.SetException(new InvalidOperationException());

        Assert.True(await wait);
        await Assert.ThrowsAsync<InvalidOperationException>(() => work.Task);
    }

    [Fact]
    public async Task TimerIsLate_AnswersThatArrivedMeanwhileAreRead()
    {
        var (answered, silent) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = _waits.EndsInTimeAsync(answered.Task).AsTask();
        var second = _waits.EndsInTimeAsync(silent.Task).AsTask();

        _time.Advance(Limit * 2); // the process was held up
        Assert.False(first.IsCompleted || second.IsCompleted);
        answered.SetResult();
        Assert.True(await first);
        _time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.False(await second);
    }

    [Fact]
    public async Task Task_EndsTooLate_TheWaitEndsAtItsLimit()
    {
        var work = new TaskCompletionSource();
        var wait = _waits.EndsInTimeAsync(work.Task).AsTask();

        _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(await wait);
        work.SetResult(); // and what comes of it changes nothing
        Assert.False(await wait);
    }

    [Fact]
    public async Task Waits_ThatBeganApart_EndApart()
    {
        var never = new TaskCompletionSource().Task;
        var (soon, work) = (new TaskCompletionSource(), new TaskCompletionSource());
        var ended = _waits.EndsInTimeAsync(soon.Task).AsTask(); // sets the timer, and is gone when it fires
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var first = _waits.EndsInTimeAsync(never).AsTask();
        var middle = _waits.EndsInTimeAsync(work.Task).AsTask();
        soon.SetResult();
        Assert.True(await ended);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var last = _waits.EndsInTimeAsync(never).AsTask();
        work.SetResult();
        Assert.True(await middle);

        _time.Advance(TimeSpan.FromMilliseconds(149)); // 349 ms: the first began at 100
        Assert.False(first.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await first);
        Assert.False(last.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(await last);

        var again = _waits.EndsInTimeAsync(never).AsTask(); // the timer had come to rest
        _time.Advance(Limit);
        Assert.False(await again);
    }

    [Fact]
    public async Task Waits_EndingAndTimingOutAtOnce_EachEndsOnce()
    {
        var waits = new BoundedWaits(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        var works = Enumerable.Range(0, 2_000).Select(_ => new TaskCompletionSource()).ToArray();
        var all = works.Select(work => waits.EndsInTimeAsync(work.Task).AsTask()).ToArray();

        Parallel.ForEach(works, work => work.SetResult());

        await Task.WhenAll(all);
    }
}
