using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Filling;

/// <summary>Makes an entry ready for the store: tags with generations, traits that follow from the key, compression.</summary>
internal static class EntryDressing
{
    public static StoredEntry Dress(StoredEntry entry, EntryPlan plan, TagGeneration[] generations, KessanCacheOptions options)
    {
        var traits = entry.Traits;
        if (plan.Slide is not null) traits |= StoredEntryTraits.Sliding;
        if (plan.NoLocalCache) traits |= StoredEntryTraits.NoLocalCache;
        var dressed = entry with { Tags = generations, Traits = traits };
        return plan.Compresses ? PayloadCompression.Compress(dressed, options.CompressionThreshold) : dressed;
    }
}
