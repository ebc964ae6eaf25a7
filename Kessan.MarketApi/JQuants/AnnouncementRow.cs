using System.Text.Json.Serialization;

namespace Kessan.MarketApi.JQuants;

/// <summary>A row of <c>/equities/earnings-calendar</c>; without a date where a company has not decided yet.</summary>
internal sealed record AnnouncementRow(
    [property: JsonPropertyName("Date")] string? Date,
    [property: JsonPropertyName("Code")] string? Code);
