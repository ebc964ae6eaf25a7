namespace Kessan.Caching.Warming;

/// <summary>When a warm-up source runs.</summary>
public sealed class WarmupSchedule
{
    /// <summary>Whether it runs when the host starts.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool AtStart { get; set; } = true;

    /// <summary>The times of day at which it runs, Japan time, such as 08:55.</summary>
    /// <value>Default: none.</value>
    public IList<TimeOnly> Times { get; } = [];

    /// <summary>Whether the times count only on days on which the Tokyo exchange trades.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TradingDaysOnly { get; set; } = true;
}
