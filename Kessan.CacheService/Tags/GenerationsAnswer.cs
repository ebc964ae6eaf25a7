using System.Text.Json.Serialization;

namespace Kessan.CacheHost.Tags;

/// <summary>The tags' current generations, in the order of the question; as strings, because they have 64 bits.</summary>
/// <param name="Generations">The generations.</param>
internal sealed record GenerationsAnswer(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] IReadOnlyList<long> Generations);
