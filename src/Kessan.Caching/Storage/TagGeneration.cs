namespace Kessan.Caching.Storage;

/// <summary>A tag and the unique number it had at some time; an entry is valid while the number is still the tag's current one.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Generation">A random number, never 0; 0 stands for "not known".</param>
public readonly record struct TagGeneration(string Tag, long Generation);
