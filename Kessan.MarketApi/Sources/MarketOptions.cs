using System.ComponentModel.DataAnnotations;

namespace Kessan.MarketApi.Sources;

/// <summary>Where market data comes from, at <c>Market</c>.</summary>
internal sealed class MarketOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Market";

    /// <summary>Where <see cref="Source"/> stands.</summary>
    public const string SourcePath = $"{Section}:{nameof(Source)}";

    public const string BuiltIn = "built-in";
    public const string Csv = "csv";
    public const string JQuants = "jquants";

    private static readonly string[] Sources = [BuiltIn, Csv, JQuants];

    /// <summary>The source of prices and of what belongs to them.</summary>
    /// <value><c>built-in</c>, <c>csv</c> or <c>jquants</c>. Default: <c>built-in</c>.</value>
    public string Source { get; set; } = BuiltIn;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Sources.Contains(Source))
            yield return new ValidationResult($"{SourcePath} is \"{Source}\"; there are {string.Join(", ", Sources)}.", [nameof(Source)]);
    }
}
