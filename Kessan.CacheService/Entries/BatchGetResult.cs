using System.Text.Encodings.Web;
using System.Text.Json;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>Answers with many entries as JSON: values that are JSON inline, all others in base64.</summary>
internal sealed class BatchGetResult(IReadOnlyList<string> keys, CacheLookup<StoredEntry>[] lookups) : IResult
{
    private const int FlushAt = 64 * 1024;

    // The answer is never part of a page: quotes and Japanese stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var payloads = httpContext.RequestServices.GetRequiredService<EntryPayloads>();
        var response = httpContext.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";

        await using var json = new Utf8JsonWriter(response.BodyWriter, Readable);
        var flushed = 0L;
        json.WriteStartObject();
        json.WriteStartObject("entries");
        for (var i = 0; i < keys.Count; i++)
        {
            if (!lookups[i].Found) continue;
            if (!payloads.TryDecode(lookups[i].Value!, out var body, out var contentType))
            {
                lookups[i] = default; // damaged: as good as none
                continue;
            }

            json.WritePropertyName(keys[i]);
            WriteEntry(json, lookups[i], body.Span, contentType);
            var written = json.BytesCommitted + json.BytesPending;
            if (written - flushed < FlushAt) continue;

            flushed = written;
            await json.FlushAsync(httpContext.RequestAborted);
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }

        json.WriteEndObject();
        json.WriteStartArray("missing");
        for (var i = 0; i < keys.Count; i++)
        {
            if (!lookups[i].Found) json.WriteStringValue(keys[i]);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(httpContext.RequestAborted);
    }

    private static void WriteEntry(Utf8JsonWriter json, in CacheLookup<StoredEntry> lookup, ReadOnlySpan<byte> body, string contentType)
    {
        json.WriteStartObject();
        if (EntryPayloads.IsJson(body))
        {
            json.WritePropertyName("value");
            json.WriteRawValue(body, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("value", body);
            json.WriteString("encoding", "base64");
        }

        json.WriteString("content_type", contentType);
        json.WriteNumber("ttl", Math.Round(lookup.TimeLeft.TotalSeconds, 3));
        json.WriteNumber("age", Math.Round(lookup.Age.TotalSeconds, 3));
        json.WriteBoolean("stale", lookup.IsStale);
        if (lookup.Version > 0) json.WriteString("etag", EntityTags.Of(lookup.Version));
        json.WriteStartArray("tags");
        foreach (var tag in lookup.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteString("layer", lookup.Layer == CacheLayer.L1 ? "l1" : "l2");
        json.WriteEndObject();
    }
}
