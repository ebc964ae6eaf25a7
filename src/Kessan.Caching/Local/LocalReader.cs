using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Local;

/// <summary>The value of an L1 entry as a caller wants it.</summary>
internal static class LocalReader
{
    /// <summary>
    /// The value itself where its type cannot be changed by a caller, else a copy. False: L1 has the key as another type, or the bytes
    /// cannot be read as this one.
    /// </summary>
    public static bool TryRead<T>(LocalEntry entry, ValueSerializer values, [MaybeNullWhen(false)] out T value)
    {
        if (entry is LocalValue<T> typed)
        {
            value = typed.Value;
            return true;
        }

        if (entry is LocalPayload payload) return TryCopy(payload, values, out value);
        value = default;
        return false;
    }

    private static bool TryCopy<T>(LocalPayload entry, ValueSerializer values, [MaybeNullWhen(false)] out T value)
    {
        if (typeof(T) == typeof(StoredEntry))
        {
            value = (T)(object)entry.Stored;
            return true;
        }

        if ((entry.Stored.Traits & StoredEntryTraits.Null) != 0)
        {
            value = default!;
            return default(T) is null;
        }

        try
        {
            // An entry that came as bytes, for somebody who passes them on, is still as the store has it.
            var plain = PayloadCompression.Decompress(entry.Stored, values.MaximumPayloadBytes);
            if (entry.Serializer is not IHybridCacheSerializer<T> serializer) entry.Serializer = serializer = values.ReaderOf<T>(plain);
            value = serializer.Deserialize(new ReadOnlySequence<byte>(plain.Payload));
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // bytes of another type: a miss, which the store read reports
        {
            value = default;
            return false;
        }
    }
}
