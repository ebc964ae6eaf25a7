using System.Text.Json.Serialization;

namespace Kessan.MarketApi.JQuants;

/// <summary>A row of <c>/equities/master</c>.</summary>
internal sealed record MasterRow(
    [property: JsonPropertyName("Code")] string? Code,
    [property: JsonPropertyName("CoName")] string? NameJapanese,
    [property: JsonPropertyName("CoNameEn")] string? Name,
    [property: JsonPropertyName("S33Nm")] string? Sector,
    [property: JsonPropertyName("MktNm")] string? Segment);
