using System.ComponentModel.DataAnnotations;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>The built-in data set, at <c>Market:BuiltIn</c>.</summary>
internal sealed class BuiltInOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Market:BuiltIn";

    /// <summary>Chooses the prices; read at start.</summary>
    /// <value>Default: 7203.</value>
    public ulong Seed { get; set; } = 7203;

    /// <summary>How long each answer takes, so that a cache has something to hide; may change while the program runs.</summary>
    /// <value>0 to 60 s. Default: 150 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The share of answers that fail; may change while the program runs.</summary>
    /// <value>0 (none) to 1 (all). Default: 0.</value>
    [Range(0.0, 1.0)]
    public double FailureRate { get; set; }
}
