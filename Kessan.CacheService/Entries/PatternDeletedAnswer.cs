namespace Kessan.CacheHost.Entries;

/// <summary>How much was deleted, and whether that was all.</summary>
/// <param name="Deleted">The number of entries.</param>
/// <param name="Cursor">Give it to the next request; missing when all are deleted.</param>
internal sealed record PatternDeletedAnswer(long Deleted, string? Cursor);
