using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Kessan.Caching.Client;

/// <summary>How a consumer reaches the cache service; bound from <c>Kessan:CacheService</c> and checked at start.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The generated validator replaces RangeAttribute's reflection for TimeSpan.")]
public sealed class CacheServiceOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Path = "Kessan:CacheService";

    /// <summary>Where the service is; a name that service discovery knows, or an address.</summary>
    /// <value>
    /// Absolute, with the scheme <c>http</c>, <c>https</c> or <c>https+http</c>. Default: <c>https+http://</c> and the name given to
    /// <c>UseCacheService</c>.
    /// </value>
    public Uri? Address { get; set; }

    /// <summary>The API key that the service asks for.</summary>
    /// <value>Default: none, for a service that is open to all.</value>
    public string? ApiKey { get; set; }

    /// <summary>How long one operation may take, with connecting and all; there is one attempt.</summary>
    /// <value>1 ms to 30 s. Default: 250 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a scan or a removal by pattern may take.</summary>
    /// <value>1 ms to 1 h. Default: 60 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan ScanTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a change is remembered: what was changed is read past the service's own first layer for that time, since another
    /// replica may answer than the one that told of the change.
    /// </summary>
    /// <value>0 to 5 min. Default: 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ChangeMemory { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the event stream may be silent before another connection is made; the service speaks every 500 ms.</summary>
    /// <value>100 ms to 5 min. Default: 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan EventSilence { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The most keys in one request; larger batches are sent in parts. The service's own limit is 1,000.</summary>
    /// <value>1 to 100,000. Default: 1,000.</value>
    [Range(1, 100_000)]
    public int BatchKeys { get; set; } = 1000;

    /// <summary>The most bytes in one request; larger batches are sent in parts. The service's own limit is 16 MiB.</summary>
    /// <value>64 KiB to 1 GiB. Default: 15 MiB.</value>
    [Range(64 << 10, 1 << 30)]
    public int BatchBytes { get; set; } = 15 << 20;

    /// <summary>Speaks HTTP/2 only, also without TLS; the service must listen for it.</summary>
    /// <value>Default: <see langword="false"/>: HTTP/2 where TLS finds that the service speaks it, HTTP/1.1 elsewhere.</value>
    public bool Http2 { get; set; }
}

/// <summary>Checks the attributes above.</summary>
[OptionsValidator]
internal sealed partial class CacheServiceRangesValidator : IValidateOptions<CacheServiceOptions>;
