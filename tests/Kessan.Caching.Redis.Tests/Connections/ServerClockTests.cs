using CsCheck;
using Kessan.Caching.Redis.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Redis.Tests.Connections;

public sealed class ServerClockTests
{
    // The server's clock at the fake clock's start, in microseconds.
    private const long Epoch = 1_790_000_000_000_000;

    [Fact]
    public void Now_NeverMeasured_IsNotKnown()
    {
        Assert.False(new ServerClock(new FakeTimeProvider()).IsKnown);
    }

    [Fact]
    public void Now_AnyRoundTrips_IsNeverBehindAndNeverMoreAheadThanTheQuickestWas()
    {
        // For each measurement: pause, way there, way back, in microseconds.
        Gen.Select(Gen.Int[0, 500_000], Gen.Int[1, 5_000], Gen.Int[1, 5_000]).Array[1, 40].Sample(
            measurements =>
            {
                var time = new FakeTimeProvider();
                var start = time.GetTimestamp();
                var clock = new ServerClock(time);
                var quickest = long.MaxValue;
                foreach (var (pause, there, back) in measurements)
                {
                    time.Advance(TimeSpan.FromMicroseconds(pause));
                    var sent = time.GetTimestamp();
                    time.Advance(TimeSpan.FromMicroseconds(there));
                    var server = True();
                    time.Advance(TimeSpan.FromMicroseconds(back));
                    clock.Measure(sent, time.GetTimestamp(), server);
                    quickest = Math.Min(quickest, there + back);

                    // 100 ppm of the whole 20 s of the test at most, for the drift that is allowed for.
                    Assert.InRange(clock.Now - True(), -2, quickest + 2_100);
                }

                long True() => Epoch + (long)time.GetElapsedTime(start).TotalMicroseconds;
            },
            iter: 500);
    }

    // A read that was under way when the server changed asks for the time all the same.
    [Fact]
    public void Now_AfterReset_IsTheOldEstimate()
    {
        var time = new FakeTimeProvider();
        var clock = new ServerClock(time);
        Measure(clock, time, Epoch);

        clock.Reset();

        Assert.False(clock.IsKnown);
        Assert.InRange(clock.Now, Epoch, Epoch + 10_000);
    }

    [Fact]
    public void Now_ServersClockWasSet_FollowsAtOnce()
    {
        var time = new FakeTimeProvider();
        var clock = new ServerClock(time);
        Measure(clock, time, Epoch);

        Measure(clock, time, Epoch - 3_600_000_000);

        Assert.InRange(clock.Now, Epoch - 3_600_000_000, Epoch - 3_599_990_000);
    }

    [Fact]
    public void Reset_Measured_ForgetsIt()
    {
        var time = new FakeTimeProvider();
        var clock = new ServerClock(time);
        Measure(clock, time, Epoch);

        clock.Reset();

        Assert.False(clock.IsKnown);
    }

    private static void Measure(ServerClock clock, FakeTimeProvider time, long server)
    {
        var sent = time.GetTimestamp();
        time.Advance(TimeSpan.FromMilliseconds(1));
        clock.Measure(sent, time.GetTimestamp(), server);
    }
}
