using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Filling;

/// <summary>Gives an entry what follows from its plan: tags with generations, traits, and on the way to the store compression.</summary>
internal static class EntryDressing
{
    public static StoredEntry Dress(StoredEntry entry, EntryPlan plan, TagGeneration[] generations)
    {
        var traits = entry.Traits;
        if (plan.Slide is not null) traits |= StoredEntryTraits.Sliding;
        if (plan.NoLocalCache) traits |= StoredEntryTraits.NoLocalCache;
        return entry with { Tags = generations, Traits = traits };
    }

    public static StoredEntry DressForStore(StoredEntry entry, EntryPlan plan, TagGeneration[] generations, KessanCacheOptions options)
    {
        var dressed = Dress(entry, plan, generations);
        return plan.Compresses ? PayloadCompression.Compress(dressed, options.CompressionThreshold) : dressed;
    }
}
