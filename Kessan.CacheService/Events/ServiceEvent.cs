using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Events;

/// <summary>One event of the stream. Immutable; its text is made when the first client needs it, and shared by all.</summary>
/// <param name="Number">Its place in this replica's sequence, from 1 without holes.</param>
/// <param name="Name">The kind, as it stands in the stream: <c>key</c>, <c>tag</c>, <c>lease</c> or <c>reset</c>.</param>
/// <param name="Kind">What happened, for an event about a key or a tag.</param>
/// <param name="Subject">The key or the tag; for a reset the reason.</param>
/// <param name="Version">The version that the store issued; 0 where there is none.</param>
internal sealed record ServiceEvent(long Number, string Name, StoreMessageKind Kind, string Subject, long Version)
{
    public const string Key = "key";
    public const string Tag = "tag";
    public const string Lease = "lease";
    public const string Reset = "reset";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private byte[]? _data;

    /// <summary>The event's JSON.</summary>
    public ReadOnlyMemory<byte> Data => _data ??= Encode();

    /// <summary>Whether it names a key: whoever may not touch the key must not hear of it.</summary>
    public bool NamesKey => Name is Key or Lease;

    private byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>(64 + Subject.Length);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        switch (Name)
        {
            case Key:
                json.WriteString("key", Subject);
                json.WriteString("change", Kind == StoreMessageKind.Set ? "set" : "removed");
                break;
            case Tag:
                json.WriteString("tag", Subject);
                break;
            case Lease:
                json.WriteString("key", Subject);
                break;
            default:
                json.WriteString("reason", Subject);
                break;
        }

        if (Version != 0) json.WriteNumber("version", Version);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
