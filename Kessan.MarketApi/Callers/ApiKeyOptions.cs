using System.ComponentModel.DataAnnotations;

namespace Kessan.MarketApi.Callers;

/// <summary>A caller's key. Two keys of the same name share a quota, so that one can replace the other.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>Who it is.</summary>
    /// <value>1 to 64 characters of <c>A-Z a-z 0-9 . _ -</c>.</value>
    [Required]
    [RegularExpression("[A-Za-z0-9._-]{1,64}")]
    public string Name { get; set; } = "";

    /// <summary>The SHA-256 of the key's UTF-8, in hex: <c>printf %s "$KEY" | sha256sum</c>.</summary>
    [Required]
    [RegularExpression("[0-9A-Fa-f]{64}")]
    public string Hash { get; set; } = "";

    /// <summary>How many requests a day.</summary>
    /// <value>1 to 10^12. Default: <see cref="CallerOptions.DailyLimit"/>.</value>
    [Range(1, 1_000_000_000_000)]
    public long? DailyLimit { get; set; }
}
