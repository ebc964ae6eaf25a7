namespace Kessan.CacheHost.Entries;

/// <summary>How much was deleted.</summary>
/// <param name="Deleted">The number of entries.</param>
internal sealed record DeletedAnswer(long Deleted);
