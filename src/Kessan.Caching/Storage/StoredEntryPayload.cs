using Kessan.Caching.Serialization;

namespace Kessan.Caching.Storage;

/// <summary>The bytes of an entry as its maker gave them.</summary>
public static class StoredEntryPayload
{
    /// <summary>
    /// How many bytes <see cref="Decode"/> would give, by the payload's own word: a forged payload may break it, but not exceed it.
    /// Thread safety: static.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="length">The length.</param>
    /// <returns><see langword="false"/>: the payload does not begin as its codec does, or the codec is unknown.</returns>
    public static bool TryGetLength(StoredEntry entry, out long length)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return PayloadCompression.TryGetLength(entry, out length);
    }

    /// <summary>Whether <see cref="Decode"/> would succeed: decodes and forgets the bytes. Thread safety: static.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="limit">The most bytes that the payload may have when decoded.</param>
    public static bool IsIntact(StoredEntry entry, long limit)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return PayloadCompression.IsIntact(entry, limit);
    }

    /// <summary>Undoes the compression, if there is any. Thread safety: static; coders are pooled per thread.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="limit">The most bytes that the answer may have.</param>
    /// <exception cref="InvalidDataException">The payload is damaged, larger than the limit, or its codec is unknown.</exception>
    public static ReadOnlyMemory<byte> Decode(StoredEntry entry, long limit)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return PayloadCompression.Decompress(entry, limit).Payload;
    }
}
