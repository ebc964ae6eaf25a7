using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Kessan.Caching.Storage;

/// <summary>The byte layout of an entry, in Redis and as <c>application/vnd.kessan.entry</c> over HTTP.</summary>
/// <remarks>
/// <code>
/// offset size  field                                       all numbers little-endian
///      0    4  magic "KES1"; the digit is the format version
///      4   16  version, decimal ASCII, left-padded with 0  (a script writes it with string.format)
///     20    1  codec
///     21    1  number of tags n (0-255)
///     22    2  flags
///     24    8  age when written or sent, ms
///     32    8  lifetime, ms
///     40    8  stale window, ms
///     48    4  source cost, ms
///     52    2  length of content type c
///     54    c  content type, ASCII
///            n times: generation (8), length of tag t (2), tag (t, UTF-8)
///            payload, to the end
/// </code>
/// Thread safety: static and stateless.
/// </remarks>
public static class StoredEntryFormat
{
    /// <summary>The media type of an entry over HTTP.</summary>
    public const string MediaType = "application/vnd.kessan.entry";

    /// <summary>Where the version stands; a script of the store overwrites it.</summary>
    public const int VersionOffset = 4;

    /// <summary>The digits of the version.</summary>
    public const int VersionLength = 16;

    private const int FixedLength = 54;

    private static ReadOnlySpan<byte> Magic => "KES1"u8;

    /// <summary>Writes an entry as bytes.</summary>
    /// <exception cref="ArgumentException">More than 255 tags, or a tag or content type over 65,535 bytes.</exception>
    public static byte[] Encode(StoredEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Tags.Count > byte.MaxValue) throw new ArgumentException($"An entry has at most 255 tags, not {entry.Tags.Count}.", nameof(entry));

        var contentType = entry.ContentType ?? "";
        var length = FixedLength + contentType.Length + entry.Payload.Length;
        foreach (var tag in entry.Tags) length += 10 + Encoding.UTF8.GetByteCount(tag.Tag);

        var bytes = new byte[length];
        var span = bytes.AsSpan();
        Magic.CopyTo(span);
        entry.Version.TryFormat(span.Slice(VersionOffset, VersionLength), out _, "D16", CultureInfo.InvariantCulture);
        span[20] = (byte)entry.Codec;
        span[21] = (byte)entry.Tags.Count;
        BinaryPrimitives.WriteUInt16LittleEndian(span[22..], (ushort)entry.Traits);
        BinaryPrimitives.WriteInt64LittleEndian(span[24..], Milliseconds(entry.Age));
        BinaryPrimitives.WriteInt64LittleEndian(span[32..], Milliseconds(entry.Lifetime));
        BinaryPrimitives.WriteInt64LittleEndian(span[40..], Milliseconds(entry.StaleWindow));
        BinaryPrimitives.WriteUInt32LittleEndian(span[48..], (uint)Math.Clamp(Milliseconds(entry.SourceCost), 0, uint.MaxValue));
        BinaryPrimitives.WriteUInt16LittleEndian(span[52..], checked((ushort)contentType.Length));
        Encoding.ASCII.GetBytes(contentType, span[FixedLength..]);

        var at = FixedLength + contentType.Length;
        foreach (var (tag, generation) in entry.Tags)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span[at..], generation);
            var written = Encoding.UTF8.GetBytes(tag, span[(at + 10)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(span[(at + 8)..], checked((ushort)written));
            at += 10 + written;
        }

        entry.Payload.Span.CopyTo(span[at..]);
        return bytes;
    }

    /// <summary>Reads an entry; its payload is a slice of <paramref name="bytes"/>, not a copy.</summary>
    /// <param name="bytes">What <see cref="Encode"/> wrote.</param>
    /// <param name="sinceWritten">The time since it was written or sent, added to its age; never negative.</param>
    /// <param name="entry">The entry.</param>
    /// <returns><see langword="false"/> if the bytes are no entry of a known format: another program wrote them.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, TimeSpan sinceWritten, [NotNullWhen(true)] out StoredEntry? entry)
    {
        entry = null;
        var span = bytes.Span;
        if (span.Length < FixedLength || !span.StartsWith(Magic)) return false;
        if (!TryReadVersion(span, out var version)) return false;

        var at = FixedLength + BinaryPrimitives.ReadUInt16LittleEndian(span[52..]);
        if (at > span.Length) return false;
        var contentType = at == FixedLength ? null : Encoding.ASCII.GetString(span[FixedLength..at]);

        var tags = span[21] == 0 ? [] : new TagGeneration[span[21]];
        for (var i = 0; i < tags.Length; i++)
        {
            if (span.Length < at + 10) return false;
            var generation = BinaryPrimitives.ReadInt64LittleEndian(span[at..]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(span[(at + 8)..]);
            at += 10;
            if (span.Length < at + length) return false;
            var tag = span.Slice(at, length);
            tags[i] = new TagGeneration(tag is [(byte)'*'] ? "*" : Encoding.UTF8.GetString(tag), generation); // every entry has that one
            at += length;
        }

        if (!TryReadTime(span[24..], out var age) || !TryReadTime(span[32..], out var lifetime) || !TryReadTime(span[40..], out var stale)) return false;
        entry = new StoredEntry
        {
            Version = version,
            Codec = (PayloadCodec)span[20],
            Traits = (StoredEntryTraits)BinaryPrimitives.ReadUInt16LittleEndian(span[22..]),
            Age = age + (sinceWritten > TimeSpan.Zero ? sinceWritten : TimeSpan.Zero),
            Lifetime = lifetime,
            StaleWindow = stale,
            SourceCost = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(span[48..])),
            ContentType = contentType,
            Tags = tags,
            Payload = bytes[at..],
        };
        return true;
    }

    /// <summary>Reads only the version of an encoded entry.</summary>
    public static bool TryReadVersion(ReadOnlySpan<byte> bytes, out long version)
    {
        version = 0;
        return bytes.Length >= FixedLength && bytes.StartsWith(Magic)
            && long.TryParse(bytes.Slice(VersionOffset, VersionLength), NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    // Times are kept within 100 years, so that sums of them cannot overflow.
    private const long MaximumMilliseconds = 100L * 366 * 24 * 3600 * 1000;

    private static long Milliseconds(TimeSpan time) => Math.Clamp((long)Math.Ceiling(time.TotalMilliseconds), 0, MaximumMilliseconds);

    private static bool TryReadTime(ReadOnlySpan<byte> bytes, out TimeSpan time)
    {
        var milliseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var valid = milliseconds is >= 0 and <= MaximumMilliseconds;
        time = valid ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return valid;
    }
}
