namespace Kessan.Caching.Lifetimes;

/// <summary>How long an entry lives, and where. Immutable.</summary>
public sealed record CacheLifetime
{
    /// <summary>How long the value is fresh, from the moment its source made it.</summary>
    /// <value>Over zero, at most 30 days where it comes from the configuration.</value>
    public required TimeSpan Fresh { get; init; }

    /// <summary>How long L1 keeps the value before it asks L2 again; never longer than <see cref="Fresh"/>.</summary>
    /// <value><see langword="null"/>: as long as it is fresh. Default: <see langword="null"/>.</value>
    public TimeSpan? Local { get; init; }

    /// <summary>How much longer the value may be served, marked stale, when its source fails or is slow.</summary>
    /// <value>Zero: not at all. Default: zero.</value>
    public TimeSpan StaleWindow { get; init; }

    /// <summary>How long the answer "there is none" (a null) is kept.</summary>
    /// <value><see langword="null"/>: it is not cached. Default: <see langword="null"/>.</value>
    public TimeSpan? Negative { get; init; }

    /// <summary>The part of <see cref="Fresh"/> that chance may take away, so that entries written together do not end together.</summary>
    /// <value>0 (none) to 1. Default: 0.</value>
    public double Jitter { get; init; }

    /// <summary>Whether reading the entry gives it <see cref="Fresh"/> anew, up to <see cref="SlideLimit"/>.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Sliding { get; init; }

    /// <summary>The longest life of a sliding entry, from its making.</summary>
    /// <value><see langword="null"/>: no limit. Default: <see langword="null"/>.</value>
    public TimeSpan? SlideLimit { get; init; }

    /// <summary>Whether the entry must be read from L2 every time.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool NoLocalCache { get; init; }

    /// <summary>The fresh lifetime after jitter: it only shortens.</summary>
    /// <param name="sample">A random number, 0 to 1.</param>
    public TimeSpan FreshWithJitter(double sample)
        => Jitter <= 0 ? Fresh : TimeSpan.FromTicks(Math.Max(1, (long)(Fresh.Ticks * (1 - (Math.Clamp(sample, 0, 1) * Math.Min(Jitter, 1))))));
}
