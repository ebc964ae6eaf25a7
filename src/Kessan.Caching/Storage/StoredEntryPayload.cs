using Kessan.Caching.Serialization;

namespace Kessan.Caching.Storage;

/// <summary>The bytes of an entry as its maker gave them.</summary>
public static class StoredEntryPayload
{
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
