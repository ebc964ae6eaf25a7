using Kessan.Caching.Redis.Connections;

namespace Kessan.Caching.Redis.Tests.Connections;

public sealed class ReconnectBackoffTests
{
    [Fact]
    public void Delay_MoreAttempts_GrowsToASecondAtMost()
    {
        var backoff = new ReconnectBackoff(new Random(1));

        for (var attempt = 0L; attempt < 10_000; attempt++)
        {
            var longest = Math.Min(1000, 50 * Math.Pow(2, Math.Min(attempt, 20)));
            Assert.InRange(backoff.Delay(attempt).TotalMilliseconds, longest / 2, longest);
        }
    }

    [Fact]
    public void ShouldRetry_AskedOften_AnswersByTheSameDelay()
    {
        var backoff = new ReconnectBackoff(new Random(2));
        var delay = (int)Math.Ceiling(backoff.Delay(3).TotalMilliseconds);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(backoff.ShouldRetry(3, delay - 1)));
        Assert.True(backoff.ShouldRetry(3, delay));
    }
}
