namespace Kessan.Caching;

/// <summary>A value and how it came about. Immutable.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Found">Whether there is a value; a cached null is found.</param>
/// <param name="Value">The value; the type's default if there is none.</param>
/// <param name="Layer">Where it came from.</param>
/// <param name="Age">How long ago the source made it.</param>
/// <param name="TimeLeft">Fresh time left; negative when stale.</param>
/// <param name="IsStale">
/// The value is past its fresh lifetime and was given because the source failed or was slow, or because the value is being refreshed.
/// </param>
/// <param name="Version">The version that the store issued; 0 if the value is in no store.</param>
public readonly record struct CacheLookup<T>(
    bool Found, T? Value, CacheLayer Layer, TimeSpan Age, TimeSpan TimeLeft, bool IsStale, long Version)
{
    private readonly IReadOnlyList<string>? _tags;

    /// <summary>The tags of the entry, without those that the engine adds for itself.</summary>
    public IReadOnlyList<string> Tags { get => _tags ?? []; init => _tags = value; }

    /// <summary>
    /// The value could not be checked against the store, because the store is away; it is served for at most
    /// <c>L1LifetimeWhenAlone</c>.
    /// </summary>
    public bool IsUnverified { get; init; }

    /// <summary>Nothing was found, and the store could not be asked: it may have a value. Not set on what was found.</summary>
    public bool IsStoreAway { get; init; }
}

/// <summary>Makes look-ups, for methods that answer with one.</summary>
public static class CacheLookup
{
    /// <summary>
    /// What a source has just made; a <see cref="CacheResultAttribute"/> method returns it where the value itself says how long it holds.
    /// </summary>
    /// <param name="value">The value; <see langword="null"/> where there is none.</param>
    /// <param name="holdsFor">The longest it may be kept; zero or less: it is not cached. Default: as long as its data type lives.</param>
    public static CacheLookup<T> Of<T>(T value, TimeSpan? holdsFor = null)
        => new(Found: true, value, CacheLayer.Source, Age: TimeSpan.Zero, TimeLeft: holdsFor ?? TimeSpan.MaxValue, IsStale: false, Version: 0);
}
