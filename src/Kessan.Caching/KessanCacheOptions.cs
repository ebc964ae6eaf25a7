using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Kessan.Caching;

/// <summary>What the engine may be told beyond <c>HybridCacheOptions</c>; bound from <c>Kessan:Cache</c> and checked at start.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The generated validator replaces RangeAttribute's reflection for TimeSpan.")]
public sealed class KessanCacheOptions
{
    /// <summary>How many entries L1 holds.</summary>
    /// <value>16 to 100,000,000. Default: 100,000.</value>
    [Range(16, 100_000_000)]
    public int L1MaximumEntries { get; set; } = 100_000;

    /// <summary>How many bytes L1 holds: serialized values, keys and 160 bytes of bookkeeping an entry.</summary>
    /// <value>64 KiB to 1 TiB. Default: 256 MiB.</value>
    [Range(64L * 1024, 1024L * 1024 * 1024 * 1024)]
    public long L1MaximumBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How many tags are remembered; forgetting one only causes misses.</summary>
    /// <value>16 to 10,000,000. Default: 100,000.</value>
    [Range(16, 10_000_000)]
    public int MaximumTags { get; set; } = 100_000;

    /// <summary>How long an operation waits for L2 before it goes on without it.</summary>
    /// <value>1 ms to 30 s. Default: 250 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:30")]
    public TimeSpan L2SoftTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many failures of L2 in a row open the breaker; a soft timeout counts.</summary>
    /// <value>1 to 1,000. Default: 3.</value>
    [Range(1, 1000)]
    public int L2FailuresUntilOpen { get; set; } = 3;

    /// <summary>How often L2 is probed while the breaker is open.</summary>
    /// <value>10 ms to 1 min. Default: 500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan L2ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long L1 goes on serving what it cannot check while the store itself is away.</summary>
    /// <value>0 to 1 day. Default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan L1LifetimeWhenAlone { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest L1 life of a value that was filled without a lease (L2 was away or too slow).</summary>
    /// <value>0 to 5 min. Default: 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan UnleasedLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a proof that the backplane is whole is good for; the adapters prove it every 500 ms.</summary>
    /// <value>100 ms to 1 min. Default: 1.5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan TrustDuration { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a lease lasts when its holder dies; a living holder renews it.</summary>
    /// <value>100 ms to 1 min. Default: 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a source may run before its fill is given up, whoever still waits.</summary>
    /// <value>10 ms to 1 h. Default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FillDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long callers wait for a source when there is a stale value to give instead.</summary>
    /// <value>0 to 1 h. Default: 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SourceSoftTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stale value is given without asking its source again, after the source failed.</summary>
    /// <value>0 to 1 h. Default: 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StaleRetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stale value may be served for keys whose lifetime policy does not say.</summary>
    /// <value>0 to 30 days. Default: 0 (never).</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan DefaultStaleWindow { get; set; }

    /// <summary>β of early refresh (XFetch, VLDB 2015): larger refreshes earlier; 0 switches it off.</summary>
    /// <value>0 to 10. Default: 1.</value>
    [Range(0.0, 10.0)]
    public double RefreshBeta { get; set; } = 1.0;

    /// <summary>Payloads of at least this many bytes are compressed before they go to L2, if that makes them smaller.</summary>
    /// <value>0 to 1 GiB. Default: 2,048.</value>
    [Range(0, 1 << 30)]
    public int CompressionThreshold { get; set; } = 2048;

    /// <summary>How many writes and removals are remembered while the store is away; past it everything is invalidated on its return.</summary>
    /// <value>0 to 10,000,000. Default: 100,000.</value>
    [Range(0, 10_000_000)]
    public int JournalCapacity { get; set; } = 100_000;

    /// <summary>For how long acknowledged writes are remembered, to be repeated when a restarted or failed-over server lost them.</summary>
    /// <value>0 to 5 min. Default: 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RecentWrites { get; set; } = TimeSpan.FromSeconds(10);
}
