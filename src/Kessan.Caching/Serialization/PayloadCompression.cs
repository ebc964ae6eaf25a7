using System.Buffers;
using Kessan.Caching.Storage;
using ZstdSharp;

namespace Kessan.Caching.Serialization;

/// <summary>
/// Compression of payloads on their way to L2: Zstandard level 1, which of the measured codecs (LZ4, Brotli 1 to 4, Zstandard 1 to 3) made
/// market JSON smallest for the least time (see docs/benchmarks.md). Thread safety: static; coders are pooled per thread.
/// </summary>
internal static class PayloadCompression
{
    [ThreadStatic]
    private static Compressor? _compressor;

    [ThreadStatic]
    private static Decompressor? _decompressor;

    /// <summary>The entry with its payload compressed, if it is at least <paramref name="threshold"/> bytes and that makes it smaller.</summary>
    public static StoredEntry Compress(StoredEntry entry, int threshold)
    {
        if (entry.Codec != PayloadCodec.None || entry.Payload.Length < Math.Max(1, threshold)) return entry;
        var compressor = _compressor ??= new Compressor(1);
        var compressed = compressor.Wrap(entry.Payload.Span);
        return compressed.Length >= entry.Payload.Length ? entry : entry with { Payload = compressed.ToArray(), Codec = PayloadCodec.Zstandard };
    }

    /// <summary>The length that a payload says it has when decompressed.</summary>
    /// <returns>False: it is not compressed as its codec says.</returns>
    public static bool TryGetLength(StoredEntry entry, out long length)
    {
        length = entry.Payload.Length;
        if (entry.Codec == PayloadCodec.None) return true;
        try
        {
            var size = entry.Codec == PayloadCodec.Zstandard ? Decompressor.GetDecompressedSize(entry.Payload.Span) : ulong.MaxValue;
            length = (long)Math.Min(size, long.MaxValue);
            return size <= long.MaxValue;
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    /// <summary>Whether a payload can be decompressed, within a limit.</summary>
    public static bool IsIntact(StoredEntry entry, long limit)
    {
        if (!TryGetLength(entry, out var length) || length > limit) return false;
        if (entry.Codec == PayloadCodec.None) return true;
        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            return (_decompressor ??= new Decompressor()).Unwrap(entry.Payload.Span, buffer.AsSpan(0, (int)length)) == length;
        }
        catch (ZstdException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The entry with its payload as it was.</summary>
    /// <exception cref="InvalidDataException">The payload is damaged, says that it is larger than the limit, or its codec is unknown.</exception>
    public static StoredEntry Decompress(StoredEntry entry, long limit)
    {
        switch (entry.Codec)
        {
            case PayloadCodec.None:
                return entry;
            case PayloadCodec.Zstandard:
                try
                {
                    // The frame's own word for its size comes first, so that a small frame cannot ask for gigabytes.
                    var size = Decompressor.GetDecompressedSize(entry.Payload.Span);
                    if (size > (ulong)limit) throw new InvalidDataException($"A compressed payload of {size} bytes is over the limit of {limit} bytes.");
                    var bytes = new byte[size];
                    var written = (_decompressor ??= new Decompressor()).Unwrap(entry.Payload.Span, bytes);
                    if (written != bytes.Length) throw new InvalidDataException("A compressed payload is shorter than it says.");
                    return entry with { Payload = bytes, Codec = PayloadCodec.None };
                }
                catch (ZstdException failure)
                {
                    throw new InvalidDataException("A compressed payload is damaged.", failure);
                }

            default:
                throw new InvalidDataException($"The codec {entry.Codec} is not known.");
        }
    }
}
