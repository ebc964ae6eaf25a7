using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>When to try to connect again: exponential with jitter, at most a second apart. Safe for concurrent use.</summary>
/// <remarks>
/// The client asks at every one of its heartbeats, so a delay is drawn once per attempt: drawing at each question would nearly always
/// end at the short end of the range.
/// </remarks>
internal sealed class ReconnectBackoff : IReconnectRetryPolicy
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private const int Steps = 32;
    private readonly double[] _delays = new double[Steps];

    // The seed differs from node to node, so that a fleet does not come back in step.
    public ReconnectBackoff()
        : this(new Random())
    {
    }

    public ReconnectBackoff(Random random)
    {
        for (var i = 0; i < Steps; i++)
        {
            var longest = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(i, 16)));
            _delays[i] = longest * (0.5 + (random.NextDouble() / 2));
        }
    }

    /// <summary>The pause before the attempt after <paramref name="attempts"/> failed ones.</summary>
    public TimeSpan Delay(long attempts)
    {
        const int Longs = 8; // that many different jitters for the attempts past the last step
        return TimeSpan.FromMilliseconds(_delays[attempts < Steps ? attempts : Steps - Longs + (attempts % Longs)]);
    }

    public bool ShouldRetry(long currentRetryCount, int timeElapsedMillisecondsSinceLastRetry)
        => timeElapsedMillisecondsSinceLastRetry >= Delay(Math.Max(0, currentRetryCount)).TotalMilliseconds;
}
