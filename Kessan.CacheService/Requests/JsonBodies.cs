using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kessan.CacheHost.Problems;
using Microsoft.Net.Http.Headers;

namespace Kessan.CacheHost.Requests;

internal static class JsonBodies
{
    /// <summary>Reads a batch's JSON body.</summary>
    /// <exception cref="RequestProblemException">It is too large, no JSON, or JSON of another shape.</exception>
    public static async Task<T> ReadJsonAsync<T>(this BodyReader reader, HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var mediaType)
            || !(mediaType.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.Suffix == "json"))
        {
            throw new RequestProblem(ProblemKind.UnsupportedMediaType, "The body must be application/json.").AsException();
        }

        var body = await reader.ReadBatchAsync(context);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Invalid("");
        }
        catch (JsonException failure)
        {
            // The path may hold a key of a dictionary; the position tells as much.
            throw Invalid(failure.LineNumber is { } line ? $" (line {line + 1}, byte {failure.BytePositionInLine})" : "");
        }
        catch (InvalidOperationException)
        {
            throw Invalid(": it has text that is not valid Unicode");
        }
    }

    private static RequestProblemException Invalid(string where)
        => RequestProblem.Invalid($"The body is not the JSON that this needs{where}.").AsException();
}
