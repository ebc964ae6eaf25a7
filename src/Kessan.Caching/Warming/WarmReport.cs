namespace Kessan.Caching.Warming;

/// <summary>What a warm-up did. Immutable.</summary>
/// <param name="HotKeys">How many remembered keys were found in the store and loaded into L1.</param>
/// <param name="Sources">What each source put into the cache; <see langword="null"/>: it failed or took too long, and the log says why.</param>
public sealed record WarmReport(int HotKeys, IReadOnlyDictionary<string, int?> Sources)
{
    internal static WarmReport Nothing { get; } = new(0, new Dictionary<string, int?>());
}
