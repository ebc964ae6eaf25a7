using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>Where news is read, at <c>Market:News</c>; without feeds the built-in data set gives its samples.</summary>
internal sealed class NewsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Market:News";

    /// <summary>The feeds.</summary>
    /// <value>At most 50. Default: none.</value>
    [MaxLength(50)]
    [ValidateEnumeratedItems]
    public IList<FeedOptions> Feeds { get; set; } = [];

    /// <summary>How long a feed is not read again, whichever stocks are asked for.</summary>
    /// <value>1 min to 1 day. Default: 10 min.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long reading one feed may take.</summary>
    /// <value>100 ms to 25 s (a fill may take 30 s). Default: 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:25")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes a feed may have, decompressed.</summary>
    /// <value>1 KiB to 64 MiB. Default: 2 MiB.</value>
    [Range(1 << 10, 64 << 20)]
    public int MaximumBytes { get; set; } = 2 << 20;
}
