namespace Kessan.Caching.Timing;

/// <summary>
/// The engine's monotonic clock in milliseconds. With the system's <see cref="TimeProvider"/> it is <see cref="Environment.TickCount64"/>,
/// which costs a quarter of a timestamp; a test's provider is asked itself.
/// </summary>
internal sealed class CacheClock(TimeProvider provider)
{
    private readonly bool _system = ReferenceEquals(provider, TimeProvider.System);
    private readonly double _perTick = 1000.0 / provider.TimestampFrequency;

    public TimeProvider Provider => provider;

    /// <summary>Whether it is the system's clock and no test's.</summary>
    public bool IsSystem => _system;

    /// <summary>Milliseconds since some fixed point; never goes back.</summary>
    public long Now => IsSystem ? Environment.TickCount64 : (long)(provider.GetTimestamp() * _perTick);

    /// <summary>The instant that lies <paramref name="span"/> from now, saturating far in the future.</summary>
    public long After(TimeSpan span) => Add(Now, span);

    public static long Add(long instant, TimeSpan span)
    {
        var milliseconds = (long)Math.Clamp(span.TotalMilliseconds, -1e15, 1e15);
        return instant + milliseconds;
    }

    public static TimeSpan Between(long from, long to) => TimeSpan.FromMilliseconds(to - from);
}
