namespace Kessan.Caching.Quotas;

/// <summary>The limits of quotas. Read once, at start.</summary>
public sealed class QuotaOptions
{
    /// <summary>Where the options stand in the configuration.</summary>
    public const string SectionName = "Kessan:Cache:Quotas";

    /// <summary>The most charges in a minute.</summary>
    /// <value>1 to 10^15; <see langword="null"/>: counted, never refused. Default: <see langword="null"/>.</value>
    public long? MinuteLimit { get; set; }

    /// <summary>The most charges in an hour.</summary>
    /// <value>1 to 10^15; <see langword="null"/>: counted, never refused. Default: <see langword="null"/>.</value>
    public long? HourlyLimit { get; set; }

    /// <summary>The most charges in a day.</summary>
    /// <value>1 to 10^15; <see langword="null"/>: counted, never refused. Default: <see langword="null"/>.</value>
    public long? DailyLimit { get; set; }

    /// <summary>What becomes of a charge while the store is away.</summary>
    /// <value>Default: <see cref="StoreAwayPolicy.LocalCount"/>.</value>
    public StoreAwayPolicy WhenStoreAway { get; set; }

    /// <summary>How many counters a node keeps for itself while the store is away; further ones are let through uncounted.</summary>
    /// <value>1 to 10,000,000. Default: 100,000.</value>
    public int MaximumLocalCounters { get; set; } = 100_000;

    internal long? LimitOf(QuotaWindow window) => window switch
    {
        QuotaWindow.Minute => MinuteLimit,
        QuotaWindow.Hourly => HourlyLimit,
        _ => DailyLimit,
    };
}
