using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

/// <summary>What the service takes; bound from <c>Kessan:Service:Limits</c> and checked at start. A broken limit is named in the answer.</summary>
public sealed class ServiceLimitsOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Path = "Kessan:Service:Limits";

    /// <summary>The longest key.</summary>
    /// <value>1 to 512 characters. Default: 512.</value>
    [Range(1, 512)]
    public int KeyLength { get; set; } = 512;

    /// <summary>The largest value.</summary>
    /// <value>1 KiB to 64 MiB. Default: 1 MiB.</value>
    [Range(1024, 64 << 20)]
    public int ValueBytes { get; set; } = 1 << 20;

    /// <summary>The most keys, tags or leases in one batch.</summary>
    /// <value>1 to 100,000. Default: 1,000.</value>
    [Range(1, 100_000)]
    public int BatchKeys { get; set; } = 1000;

    /// <summary>The largest body of a batch, request or answer.</summary>
    /// <value>1 KiB to 1 GiB. Default: 16 MiB.</value>
    [Range(1024, 1 << 30)]
    public int BatchBytes { get; set; } = 16 << 20;

    /// <summary>The most tags of an entry.</summary>
    /// <value>0 to 64. Default: 16.</value>
    [Range(0, 64)]
    public int Tags { get; set; } = 16;

    /// <summary>The longest tag.</summary>
    /// <value>1 to 1,024 printable characters. Default: 128.</value>
    [Range(1, 1024)]
    public int TagLength { get; set; } = 128;

    /// <summary>The shortest lifetime.</summary>
    /// <value>1 ms to 1 day. Default: 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MinimumTtl { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest lifetime.</summary>
    /// <value>1 s to 365 days. Default: 30 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MaximumTtl { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The most stars in a pattern; matching takes time that grows with their number.</summary>
    /// <value>1 to 16. Default: 4.</value>
    [Range(1, 16)]
    public int PatternStars { get; set; } = 4;

    /// <summary>The most keys on one page of a scan.</summary>
    /// <value>1 to 10,000. Default: 1,000.</value>
    [Range(1, 10_000)]
    public int ScanPage { get; set; } = 1000;

    /// <summary>How long a page of a scan, or a removal by pattern, may take; a removal that is not through then says where to go on.</summary>
    /// <value>100 ms to 10 min. Default: 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan PatternTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for somebody else's lease.</summary>
    /// <value>0 to 5 min. Default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan LeaseWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest lease.</summary>
    /// <value>100 ms to 10 min. Default: 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a body may take to arrive.</summary>
    /// <value>100 ms to 10 min. Default: 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan BodyTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for Redis to hear what was answered 202 while it was away; the host's own limit for stopping holds too.</summary>
    /// <value>0 to 10 min. Default: 20 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The most bytes of bodies that are held at a time, over all requests, until they are answered: a value once, a batch three times (as it
    /// came, parsed, and as entries), what a batch's answer loads from Redis once, or twice if it goes out as frames (and as they are), and
    /// what an answer decompresses once.
    /// </summary>
    /// <value>
    /// 1 MiB to 64 GiB, and at least 3 times <see cref="BatchBytes"/> and twice <see cref="ValueBytes"/> and 128 KiB: else the largest would never
    /// be taken. Default: 256 MiB.
    /// </value>
    [Range(1L << 20, 64L << 30)]
    public long BodyBytesAtOnce { get; set; } = 256L << 20;

    /// <summary>The most requests at a time, without waits for leases and event streams.</summary>
    /// <value>1 to 1,000,000. Default: 1,024.</value>
    [Range(1, 1_000_000)]
    public int RequestsAtOnce { get; set; } = 1024;

    /// <summary>The most waits for leases at a time.</summary>
    /// <value>1 to 1,000,000. Default: 4,096.</value>
    [Range(1, 1_000_000)]
    public int LeaseWaitsAtOnce { get; set; } = 4096;

    /// <summary>The most event streams at a time.</summary>
    /// <value>1 to 100,000. Default: 1,024.</value>
    [Range(1, 100_000)]
    public int EventStreamsAtOnce { get; set; } = 1024;

    /// <summary>The most connections at a time.</summary>
    /// <value>1 to 1,000,000. Default: 10,000.</value>
    [Range(1, 1_000_000)]
    public int Connections { get; set; } = 10_000;

    /// <summary>The most requests a second of one client (one <c>Name</c> of an API key).</summary>
    /// <value>0 (no limit) to 10,000,000. Default: 0.</value>
    [Range(0, 10_000_000)]
    public int RequestsPerSecond { get; set; }
}

/// <summary>Checks the attributes above.</summary>
[OptionsValidator]
internal sealed partial class ServiceLimitsOptionsValidator : IValidateOptions<ServiceLimitsOptions>;
