using System.ComponentModel.DataAnnotations;

namespace Kessan.MarketApi.Analysis;

/// <summary>The language model that comments on analyses, at <c>Market:Analysis</c>; without an endpoint there is no commentary.</summary>
internal sealed class AnalysisOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Market:Analysis";

    /// <summary>An OpenAI-compatible endpoint, such as <c>http://localhost:11434/v1</c>.</summary>
    /// <value>An http or https address. Default: none.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>The name of the model; needed with an endpoint.</summary>
    public string? Model { get; set; }

    /// <summary>The endpoint's key; some local servers need none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long the model may take before the computed part is given alone.</summary>
    /// <value>100 ms to 25 s (a fill may take 30 s). Default: 15 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:25")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is null)
            yield break;
        if (!Endpoint.IsAbsoluteUri || (Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps))
            yield return new ValidationResult($"{Section}:{nameof(Endpoint)} must be an http or https address.", [nameof(Endpoint)]);
        if (string.IsNullOrWhiteSpace(Model))
            yield return new ValidationResult($"{Section}:{nameof(Model)} is needed with an endpoint.", [nameof(Model)]);
    }
}
