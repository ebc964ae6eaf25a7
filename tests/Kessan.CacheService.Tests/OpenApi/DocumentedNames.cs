using System.Text.Json;

namespace Kessan.CacheHost.Tests.OpenApi;

/// <summary>Holds the names in a JSON body against its schema, at any depth; a schema without properties takes every name.</summary>
internal sealed class DocumentedNames(JsonElement document)
{
    public void Check(JsonElement value, JsonElement schema, string what)
    {
        JsonElement[] parts = [.. PartsOf(schema)];
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                foreach (var part in parts.Where(part => part.TryGetProperty("items", out _))) Check(item, part.GetProperty("items"), what);
            }
        }

        if (value.ValueKind != JsonValueKind.Object || !parts.Any(part => part.TryGetProperty("properties", out _) || part.TryGetProperty("additionalProperties", out _))) return;
        foreach (var property in value.EnumerateObject())
        {
            JsonElement[] known = [.. parts.SelectMany(part => Named(part, property.Name))];
            Assert.True(known.Length > 0, $"{what} {property.Name}, of which the description knows nothing.");
            foreach (var one in known) Check(property.Value, one, $"{what} {property.Name}.");
        }
    }

    private static IEnumerable<JsonElement> Named(JsonElement part, string name)
    {
        if (part.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var named)) yield return named;
        else if (part.TryGetProperty("additionalProperties", out var others) && others.ValueKind != JsonValueKind.False) yield return others;
    }

    /// <summary>The schema and all that it is made of.</summary>
    private IEnumerable<JsonElement> PartsOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) yield break;
        yield return schema;
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!.Split('/')[^1];
            foreach (var part in PartsOf(document.GetProperty("components").GetProperty("schemas").GetProperty(name))) yield return part;
        }

        foreach (var keyword in (string[])["allOf", "anyOf", "oneOf"])
        {
            if (!schema.TryGetProperty(keyword, out var alternatives)) continue;
            foreach (var part in alternatives.EnumerateArray().SelectMany(PartsOf)) yield return part;
        }
    }
}
