using Kessan.Caching.Keys;

namespace Kessan.Caching;

/// <summary>
/// Caches what an interface method answers: <c>services.AddCached&lt;TInterface, TImplementation&gt;()</c> puts a class written at compile
/// time before the implementation.
/// </summary>
/// <remarks>
/// The method returns <c>Task&lt;T&gt;</c> or <c>ValueTask&lt;T&gt;</c>. It is called once for all callers that wait for the same key; a
/// caller's token ends its own wait, the method gets the token of the shared call. What it may be is checked at compile time (KES001 to KES016).
/// A method that answers with a <see cref="CacheLookup{T}"/> has its value cached and tells its caller layer, age and time left; the
/// implementation returns <see cref="CacheLookup.Of"/>, which may say how long the value holds.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CacheResultAttribute : Attribute
{
    /// <summary>Caches under a key that <see cref="Key"/> says as a whole, for <see cref="LifetimeSeconds"/>.</summary>
    public CacheResultAttribute()
    {
    }

    /// <summary>Caches under a key of a data type, as long as the data type lives.</summary>
    /// <param name="dataType">The data type; its prefix is the first part of the key.</param>
    public CacheResultAttribute(CacheDataType dataType) => DataType = dataType;

    /// <summary>The data type; <see cref="CacheDataType.Other"/> if there is none.</summary>
    public CacheDataType DataType { get; }

    /// <summary>
    /// The key after the data type's prefix: parts between colons, each literal text with at most one <c>{parameter}</c>, as in
    /// <c>{ticker}:{kind}</c>.
    /// </summary>
    /// <value><see langword="null"/>: all parameters in their order, but cancellation tokens and <see cref="NotInCacheKeyAttribute"/>.</value>
    public string? Key { get; set; }

    /// <summary>The fresh lifetime, instead of the data type's.</summary>
    /// <value>1 to 2,592,000 (30 days). Default: not set.</value>
    public int LifetimeSeconds { get; set; }

    /// <summary>Tags of the entry, as templates like <see cref="Key"/>. An entry about a stock has <c>stock:{ticker}</c> anyway.</summary>
    /// <value>Default: none.</value>
    public string[] Tags { get; set; } = [];
}
