namespace Kessan.Caching.Storage;

/// <summary>One page of a scan.</summary>
/// <param name="Keys">Some keys, possibly none.</param>
/// <param name="Cursor">Opaque; give it to the next call. <see langword="null"/>: this was the last page.</param>
public sealed record KeyPage(IReadOnlyList<string> Keys, string? Cursor);
