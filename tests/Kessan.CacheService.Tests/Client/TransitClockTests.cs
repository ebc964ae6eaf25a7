using Kessan.Caching.Client.Events;

namespace Kessan.CacheHost.Tests.Client;

public sealed class TransitClockTests
{
    private static readonly TimeSpan Origin = TimeSpan.FromSeconds(1000);

    [Fact]
    public void Delay_FirstHeartbeat_IsAtMostTheTimeSinceTheRequest()
    {
        var clock = new TransitClock(Origin);

        Assert.Equal(TimeSpan.FromMilliseconds(80), clock.Delay(Origin + TimeSpan.FromMilliseconds(80), TimeSpan.FromHours(5)));
    }

    [Fact]
    public void Delay_SteadyHeartbeats_ForgetsWhatConnectingTook()
    {
        var clock = new TransitClock(Origin);

        var last = Enumerable.Range(0, 30).Select(i => Beat(clock, sent: i * 0.5, delay: 0.4)).ToArray()[^1];

        Assert.Equal(TimeSpan.Zero, last);
    }

    [Fact]
    public void Delay_PileAfterAStop_IsTheWholeStop()
    {
        var clock = new TransitClock(Origin);
        for (var i = 0; i < 30; i++) Beat(clock, i * 0.5, 0.001);

        // Stopped from 15 s to 25 s: what came meanwhile is read at 25 s.
        var piled = Enumerable.Range(30, 20).Select(i => Beat(clock, sent: i * 0.5, delay: 25 - (i * 0.5))).ToArray();
        var after = Beat(clock, 25, 0.001);

        Assert.All(piled.Take(18), delay => Assert.True(delay >= TimeSpan.FromSeconds(1)));
        Assert.Equal(piled.OrderDescending(), piled);
        Assert.True(after < TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public void Delay_StoppedBeforeTheFirstHeartbeatWasRead_IsTheWholeStop()
    {
        var clock = new TransitClock(Origin);

        var piled = Enumerable.Range(0, 20).Select(i => Beat(clock, sent: i * 0.5, delay: 10 - (i * 0.5))).ToArray();

        Assert.All(piled.Take(18), delay => Assert.True(delay >= TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Delay_ClocksDriftForHours_StaysSmall()
    {
        var clock = new TransitClock(Origin);
        var largest = TimeSpan.Zero;

        for (var i = 0; i < 4 * 3600 * 2; i++)
        {
            // The sender's clock is slow by 100 millionths.
            var delay = clock.Delay(Origin + TimeSpan.FromSeconds(i * 0.5), TimeSpan.FromSeconds(i * 0.5 * 0.9999));
            if (delay > largest) largest = delay;
        }

        Assert.True(largest < TimeSpan.FromMilliseconds(20));
    }

    private static TimeSpan Beat(TransitClock clock, double sent, double delay)
        => clock.Delay(Origin + TimeSpan.FromSeconds(sent + delay), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(sent));
}
