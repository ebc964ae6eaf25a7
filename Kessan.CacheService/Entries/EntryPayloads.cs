using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>What an entry is to somebody who wants its bytes: a body and a media type.</summary>
internal sealed class EntryPayloads(RequestRules rules, BodyBudget budget, ILogger<EntryPayloads> logger)
{
    private static readonly byte[] JsonNull = "null"u8.ToArray();

    // Values of engines may be larger than what this service takes as a body; the bound is there against a forged size.
    private readonly long _limit = Math.Max(rules.Limits.ValueBytes, 64L << 20);

    /// <summary>Counts what <see cref="TryDecode"/> makes for this request alone against what all requests may hold.</summary>
    /// <exception cref="RequestProblemException">They hold too much.</exception>
    public void Charge(HttpContext context, StoredEntry entry)
    {
        if (entry.Codec != PayloadCodec.None && LengthOf(entry) is > 0 and var length && length <= _limit) budget.Hold(context, length);
    }

    /// <summary>The length of the body; 0 for a damaged entry.</summary>
    public static long LengthOf(StoredEntry entry) => StoredEntryPayload.TryGetLength(entry, out var length) ? length : 0;

    /// <summary>The body and its media type.</summary>
    /// <returns><see langword="false"/>: the entry is damaged, or larger than any that may be; nobody can use it.</returns>
    public bool TryDecode(StoredEntry entry, out ReadOnlyMemory<byte> body, [NotNullWhen(true)] out string? contentType)
    {
        if ((entry.Traits & StoredEntryTraits.Null) != 0)
        {
            (body, contentType) = (JsonNull, entry.ContentType ?? "application/json");
            return true;
        }

        try
        {
            body = StoredEntryPayload.Decode(entry, _limit);
            contentType = entry.ContentType ?? Guess(entry, body.Span);
            return true;
        }
        catch (InvalidDataException failure)
        {
            Log.EntryDamaged(logger, failure);
            (body, contentType) = (default, null);
            return false;
        }
    }

    /// <summary>Whether the bytes are one JSON value, in valid UTF-8.</summary>
    public static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || !Utf8.IsValid(bytes)) return false; // the reader looks at the structure, not into texts
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
