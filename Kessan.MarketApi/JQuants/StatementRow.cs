using System.Text.Json.Serialization;

namespace Kessan.MarketApi.JQuants;

/// <summary>A row of <c>/fins/summary</c>; operating profit is empty where the accounting standard has none.</summary>
internal sealed record StatementRow(
    [property: JsonPropertyName("DiscDate")] string? DisclosedOn,
    [property: JsonPropertyName("CurPerType")] string? PeriodType,
    [property: JsonPropertyName("CurPerSt")] string? PeriodStart,
    [property: JsonPropertyName("CurPerEn")] string? PeriodEnd,
    [property: JsonPropertyName("Sales")] decimal? Sales,
    [property: JsonPropertyName("OP")] decimal? OperatingProfit,
    [property: JsonPropertyName("NP")] decimal? NetProfit,
    [property: JsonPropertyName("EPS")] decimal? EarningsPerShare);
