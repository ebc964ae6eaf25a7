using System.Text.Json.Serialization;

namespace Kessan.MarketApi.JQuants;

/// <summary>One page of an answer; the same question with the key gets the next, until there is no key.</summary>
internal sealed record JQuantsPage<TRow>(
    [property: JsonPropertyName("data")] IReadOnlyList<TRow>? Data,
    [property: JsonPropertyName("pagination_key")] string? PaginationKey);
