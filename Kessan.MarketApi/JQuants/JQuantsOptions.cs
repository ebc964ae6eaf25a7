using System.ComponentModel.DataAnnotations;

namespace Kessan.MarketApi.JQuants;

/// <summary>The J-Quants API, version 2, at <c>Market:JQuants</c>; used only if <c>Market:Source</c> is <c>jquants</c>.</summary>
internal sealed class JQuantsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Market:JQuants";

    /// <summary>Where the API is.</summary>
    /// <value>An http or https address. Default: https://api.jquants.com/v2.</value>
    public Uri BaseAddress { get; set; } = new("https://api.jquants.com/v2");

    /// <summary>The key of the subscription.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How many requests this process may send in any minute; processes that share a key share the subscription's number.</summary>
    /// <value>1 to 500: Free has 5, Light 60, Standard 120, Premium 500. Default: 5.</value>
    [Range(1, 500)]
    public int RequestsPerMinute { get; set; } = 5;

    /// <summary>How far behind the subscription's data is.</summary>
    /// <value>0 to 730 days; Free has 12 weeks. Default: 0.</value>
    [Range(0, 730)]
    public int DelayDays { get; set; }

    /// <summary>How long one request may take.</summary>
    /// <value>100 ms to 5 min. Default: 20 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a request waits for its turn; if its turn is later it fails at once and says when.</summary>
    /// <value>0 to 10 min. Default: 2 min.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long nothing is sent after the API said "too many requests" without saying how long to wait.</summary>
    /// <value>1 s to 1 h. Default: 5 min, for as long it blocks those who go on.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PauseWhenBlocked { get; set; } = TimeSpan.FromMinutes(5);
}
