namespace Kessan.Caching.Lifetimes;

/// <summary>The lifetime of one data type, as configured: <c>Kessan:Cache:Lifetimes:StockPrice:Fresh = 00:05:00</c>.</summary>
/// <remarks>Whether entries slide or stay out of L1 cannot be configured: it belongs to the data type.</remarks>
public sealed class DataTypeLifetimeOptions
{
    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>How long a value is fresh.</summary>
    /// <value>1 s to 30 days. Default: see <see cref="CacheLifetimeOptions"/>.</value>
    public TimeSpan Fresh { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long L1 keeps a value before it asks L2 again.</summary>
    /// <value>1 ms to <see cref="Fresh"/>; <see langword="null"/>: as long as it is fresh. Default: <see langword="null"/>.</value>
    public TimeSpan? Local { get; set; }

    /// <summary>How much longer a value may be served, marked stale, when its source fails.</summary>
    /// <value>0 to 30 days; must be 0 for sessions and quotas. Default: see <see cref="CacheLifetimeOptions"/>.</value>
    public TimeSpan StaleWindow { get; set; }

    /// <summary>How long the answer "there is none" is kept.</summary>
    /// <value>1 ms to 30 days; <see langword="null"/>: not at all. Default: <see langword="null"/>.</value>
    public TimeSpan? Negative { get; set; }

    /// <summary>The part of <see cref="Fresh"/> that chance may take away.</summary>
    /// <value>0 to 1. Default: 0.</value>
    public double Jitter { get; set; }

    /// <summary>The longest life of a session, however often it is read.</summary>
    /// <value><see cref="Fresh"/> to 30 days, for sessions only. Default: 12 h for sessions.</value>
    public TimeSpan? SlideLimit { get; set; }
}
