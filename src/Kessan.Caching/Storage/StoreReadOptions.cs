namespace Kessan.Caching.Storage;

/// <summary>How to read.</summary>
public sealed record StoreReadOptions
{
    /// <summary>An ordinary read.</summary>
    public static StoreReadOptions Default { get; } = new();

    /// <summary>Read past any first layer that stands between here and the store itself.</summary>
    public static StoreReadOptions PastNearCache { get; } = new() { NoCache = true };

    /// <summary>Read past any first layer that stands between here and the store itself.</summary>
    public bool NoCache { get; init; }

    /// <summary>
    /// Extend the entry's life to this much from now with the same step that reads it; <see langword="null"/>: leave it alone.
    /// </summary>
    public TimeSpan? Slide { get; init; }

    /// <summary>The longest life, from the making of the entry, to which <see cref="Slide"/> may extend it.</summary>
    public TimeSpan? SlideLimit { get; init; }
}
