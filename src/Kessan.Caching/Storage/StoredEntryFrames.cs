using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Kessan.Caching.Storage;

/// <summary>The byte layout of a batch of entries over HTTP: frames, one after the other, to the end of the body.</summary>
/// <remarks>
/// <code>
/// offset size  field                                       all numbers little-endian
///      0    4  length of entry e; -1: there is none
///      4    4  duration, ms
///      8    8  version
///     16    1  code
///     17    1  flags: 1 tags verified
///     18    2  length of nonce n
///     20    4  length of key k
///     24    n  nonce, UTF-8
///           k  key, UTF-8
///           e  entry, see StoredEntryFormat
/// </code>
/// Thread safety: static and stateless.
/// </remarks>
public static class StoredEntryFrames
{
    private const int FixedLength = 24;

    // Text that is not UTF-8 makes the batch invalid; it must not become another key.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Appends one frame.</summary>
    /// <exception cref="EncoderFallbackException">The key is not valid UTF-16.</exception>
    public static void Write(IBufferWriter<byte> output, in StoredEntryFrame frame)
    {
        ArgumentNullException.ThrowIfNull(output);
        var entry = frame.Entry is null ? null : StoredEntryFormat.Encode(frame.Entry);
        var nonceLength = StrictUtf8.GetByteCount(frame.Nonce ?? "");
        var keyLength = StrictUtf8.GetByteCount(frame.Key);

        var span = output.GetSpan(FixedLength + nonceLength + keyLength);
        BinaryPrimitives.WriteInt32LittleEndian(span, entry?.Length ?? -1);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], (uint)Math.Clamp(Math.Ceiling(frame.Duration.TotalMilliseconds), 0, uint.MaxValue));
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], frame.Version);
        span[16] = frame.Code;
        span[17] = frame.TagsVerified ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(span[18..], checked((ushort)nonceLength));
        BinaryPrimitives.WriteInt32LittleEndian(span[20..], keyLength);
        StrictUtf8.GetBytes(frame.Nonce ?? "", span[FixedLength..]);
        StrictUtf8.GetBytes(frame.Key, span[(FixedLength + nonceLength)..]);
        output.Advance(FixedLength + nonceLength + keyLength);
        if (entry is not null) output.Write(entry);
    }

    /// <summary>Takes the first frame off <paramref name="bytes"/>; its payload is a slice of them, not a copy.</summary>
    /// <returns><see langword="false"/> if what comes next is no frame; then <paramref name="bytes"/> is as it was.</returns>
    public static bool TryRead(ref ReadOnlyMemory<byte> bytes, out StoredEntryFrame frame)
    {
        frame = default;
        var span = bytes.Span;
        if (span.Length < FixedLength) return false;

        var entryLength = BinaryPrimitives.ReadInt32LittleEndian(span);
        var nonceLength = BinaryPrimitives.ReadUInt16LittleEndian(span[18..]);
        var keyLength = BinaryPrimitives.ReadInt32LittleEndian(span[20..]);
        if (entryLength < -1 || keyLength < 0) return false;

        var entryAt = (long)FixedLength + nonceLength + keyLength;
        var end = entryAt + Math.Max(0, entryLength);
        if (end > span.Length) return false;

        StoredEntry? entry = null;
        if (entryLength >= 0 && !StoredEntryFormat.TryDecode(bytes[(int)entryAt..(int)end], TimeSpan.Zero, out entry)) return false;
        if (!TryDecodeText(span.Slice(FixedLength, nonceLength), out var nonce)) return false;
        if (!TryDecodeText(span.Slice(FixedLength + nonceLength, keyLength), out var key)) return false;

        frame = new StoredEntryFrame(key)
        {
            Code = span[16],
            TagsVerified = (span[17] & 1) != 0,
            Version = BinaryPrimitives.ReadInt64LittleEndian(span[8..]),
            Duration = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(span[4..])),
            Nonce = nonceLength == 0 ? null : nonce,
            Entry = entry,
        };
        bytes = bytes[(int)end..];
        return true;
    }

    private static bool TryDecodeText(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
