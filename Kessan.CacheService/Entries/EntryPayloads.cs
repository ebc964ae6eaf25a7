using System.Text.Json;
using Kessan.CacheHost.Requests;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>What an entry is to somebody who wants its bytes: a body and a media type.</summary>
internal sealed class EntryPayloads(RequestRules rules)
{
    private static readonly byte[] JsonNull = "null"u8.ToArray();

    // Values of engines may be larger than what this service takes as a body; the bound is there against a forged size.
    private readonly long _limit = Math.Max(rules.Limits.ValueBytes, 64L << 20);

    public (ReadOnlyMemory<byte> Body, string ContentType) Decode(StoredEntry entry)
    {
        if ((entry.Traits & StoredEntryTraits.Null) != 0) return (JsonNull, entry.ContentType ?? "application/json");
        var body = StoredEntryPayload.Decode(entry, _limit);
        return (body, entry.ContentType ?? Guess(entry, body.Span));
    }

    /// <summary>Whether the bytes are one JSON value.</summary>
    public static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return false;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // A serialized object, or the value of another program: nothing says what it is.
    private static string Guess(StoredEntry entry, ReadOnlySpan<byte> bytes)
    {
        if ((entry.Traits & StoredEntryTraits.MessagePack) != 0) return "application/vnd.msgpack";
        return IsJson(bytes) ? "application/json" : EntryFactory.DefaultContentType;
    }
}
