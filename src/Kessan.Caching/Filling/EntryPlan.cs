using Kessan.Caching.Keys;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Filling;

/// <summary>All that is decided about an entry before it is looked for beyond L1: lifetimes, layers, tags. Immutable.</summary>
internal sealed class EntryPlan
{
    public required TimeSpan Expiration { get; init; }

    public required TimeSpan LocalExpiration { get; init; }

    public required TimeSpan StaleWindow { get; init; }

    public TimeSpan NegativeExpiration { get; init; }

    public TimeSpan FailureExpiration { get; init; }

    public required TimeSpan SourceSoftTimeout { get; init; }

    public required TimeSpan FillDeadline { get; init; }

    public required double RefreshBeta { get; init; }

    public required HybridCacheEntryFlags Flags { get; init; }

    public required CacheDataType DataType { get; init; }

    /// <summary>The entry must not be kept in L1 (sessions, quotas).</summary>
    public bool NoLocalCache { get; init; }

    /// <summary>Reading the entry extends its life to this much; <see langword="null"/>: it does not.</summary>
    public TimeSpan? Slide { get; init; }

    public TimeSpan? SlideLimit { get; init; }

    /// <summary>The tags: <c>*</c>, the one derived from the key, and the caller's.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    public bool ReadsL1 => (Flags & HybridCacheEntryFlags.DisableLocalCacheRead) == 0;

    public bool WritesL1 => (Flags & HybridCacheEntryFlags.DisableLocalCacheWrite) == 0 && !NoLocalCache;

    public bool ReadsStore => (Flags & HybridCacheEntryFlags.DisableDistributedCacheRead) == 0;

    public bool WritesStore => (Flags & HybridCacheEntryFlags.DisableDistributedCacheWrite) == 0;

    /// <summary>The entry is this process's own affair: no store, and so no backplane, has a say in it.</summary>
    public bool IsLocalOnly => !ReadsStore && !WritesStore;

    public bool AsksSource => (Flags & HybridCacheEntryFlags.DisableUnderlyingData) == 0;

    public bool Compresses => (Flags & HybridCacheEntryFlags.DisableCompression) == 0;
}
