using Kessan.MarketApi.BuiltIn;
using Kessan.MarketApi.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.MarketApi.Tests.BuiltIn;

public sealed class SourceWeatherTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pass_Delay_IsAsLongAsItSays()
    {
        var answer = Weather(options => options.Delay = TimeSpan.FromMilliseconds(150)).PassAsync(Stop).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(149));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await answer;
    }

    [Fact]
    public async Task Pass_CallerGivesUpDuringTheDelay_EndsAtOnce()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var answer = Weather(options => options.Delay = TimeSpan.FromSeconds(60)).PassAsync(leaving.Token).AsTask();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.3, 2900, 3100)]
    [InlineData(1, 10_000, 10_000)]
    public async Task Pass_FailureRate_IsTheShareThatFails(double rate, int least, int most)
    {
        var weather = Weather(options => (options.Delay, options.FailureRate) = (TimeSpan.Zero, rate));
        var failures = 0;
        for (var i = 0; i < 10_000; i++)
        {
            try
            {
                await weather.PassAsync(Stop);
            }
            catch (SourceException)
            {
                failures++;
            }
        }

        Assert.InRange(failures, least, most);
    }

    [Fact]
    public async Task GetPrice_DelayConfigured_AnswersAfterItAndFromTheCacheWithoutIt()
    {
        var delay = TimeSpan.FromMilliseconds(151);
        var time = new TimerWatch(delay);
        await using var host = await MarketApiHost.StartAsync([new("Market:BuiltIn:Delay", delay.ToString())], time: time);

        var first = host.GetJsonAsync("/stocks/7203/price");
        await time.Created.WaitAsync(Stop);
        time.Advance(delay);

        await first;
        await host.GetJsonAsync("/stocks/7203/price"); // from the source it would not come: the clock stands still
    }

    /// <summary>Tells when a timer of a certain length is made.</summary>
    private sealed class TimerWatch(TimeSpan length) : FakeTimeProvider(MarketApiHost.Start)
    {
        private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Created => _created.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == length) _created.TrySetResult();
            return timer;
        }
    }

    private SourceWeather Weather(Action<BuiltInOptions> configure)
    {
        var services = new ServiceCollection().Configure(configure).BuildServiceProvider();
        return new SourceWeather(services.GetRequiredService<IOptionsMonitor<BuiltInOptions>>(), _time);
    }
}
