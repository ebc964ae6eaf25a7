using Kessan.Caching.Keys;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching;

/// <summary>
/// What a call may say about its entry, beyond <see cref="HybridCacheEntryOptions"/>. Whatever is <see langword="null"/> follows from the
/// key's prefix (the lifetime policy), then from <c>HybridCacheOptions.DefaultEntryOptions</c>. Immutable.
/// </summary>
public sealed record CacheEntryOptions
{
    /// <summary>
    /// The data type whose lifetimes count, for a key whose prefix names none or another one; what else is said here goes before it.
    /// Whether the entry slides or stays out of L1 is the prefix's affair all the same.
    /// </summary>
    public CacheDataType? DataType { get; init; }

    /// <summary>The fresh lifetime.</summary>
    /// <value>Above 0.</value>
    public TimeSpan? Expiration { get; init; }

    /// <summary>The longest time in L1; never beyond <see cref="Expiration"/>.</summary>
    public TimeSpan? LocalCacheExpiration { get; init; }

    /// <summary>Which layers are read and written.</summary>
    public HybridCacheEntryFlags? Flags { get; init; }

    /// <summary>How much longer than the fresh lifetime the value may be given when its source fails or is slow.</summary>
    public TimeSpan? StaleWindow { get; init; }

    /// <summary>The lifetime of a null; <see langword="null"/> or zero: nulls are not cached.</summary>
    public TimeSpan? NegativeExpiration { get; init; }

    /// <summary>For how long this node rethrows a failure of the source without asking it again; <see langword="null"/>: not at all.</summary>
    public TimeSpan? FailureExpiration { get; init; }

    /// <summary>How long callers wait for the source when there is a stale value.</summary>
    public TimeSpan? SourceSoftTimeout { get; init; }

    /// <summary>How long the source may run.</summary>
    public TimeSpan? FillDeadline { get; init; }

    /// <summary>β of early refresh; 0 switches it off for this entry.</summary>
    public double? RefreshBeta { get; init; }

    /// <summary>The same options without what only Kessan knows.</summary>
    public static CacheEntryOptions? From(HybridCacheEntryOptions? options) => options is null ? null : new()
    {
        Expiration = options.Expiration,
        LocalCacheExpiration = options.LocalCacheExpiration,
        Flags = options.Flags,
    };
}
