using System.Diagnostics.CodeAnalysis;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Redis.Entries;

/// <summary>Values as entries and back, as the engine encodes them: so that both read what the other wrote.</summary>
internal sealed class ValueEntries(ValueSerializer serializer, KessanCacheOptions options, CacheTtlPolicy lifetimes, ILogger logger)
{
    /// <summary>The entry of a value, with the tags that follow from its key, still without generations.</summary>
    /// <exception cref="ArgumentException">The value is over <c>MaximumPayloadBytes</c>.</exception>
    public StoredEntry Encode<T>(string key, T value, TimeSpan lifetime)
    {
        var rule = lifetimes.ForKey(key);
        var (payload, traits) = serializer.SerializeArgument(value);
        if (rule is { Sliding: true }) traits |= StoredEntryTraits.Sliding;
        if (rule is { NoLocalCache: true }) traits |= StoredEntryTraits.NoLocalCache;
        var entry = new StoredEntry
        {
            Payload = payload,
            Lifetime = lifetime,
            StaleWindow = value is null ? TimeSpan.Zero : rule?.StaleWindow ?? TimeSpan.Zero,
            Tags = CacheKeys.TagOf(key) is { } tag
                ? [new TagGeneration(TagTable.Wildcard, 0), new TagGeneration(tag, 0)]
                : [new TagGeneration(TagTable.Wildcard, 0)],
            Traits = traits,
        };
        return PayloadCompression.Compress(entry, options.CompressionThreshold);
    }

    /// <summary>The value of an entry; false: it cannot be read as this type.</summary>
    public bool TryDecode<T>(StoredEntry entry, [MaybeNull] out T value)
    {
        value = default;
        if (entry.Traits.HasFlag(StoredEntryTraits.Null)) return default(T) is null;
        try
        {
            value = serializer.Deserialize<T>(PayloadCompression.Decompress(entry, serializer.MaximumPayloadBytes));
            return true;
        }
#pragma warning disable CA1031 // Whatever a serializer throws: the bytes are no good as this type.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.OperationFailed(logger, "decode", failure);
            return false;
        }
    }
}
