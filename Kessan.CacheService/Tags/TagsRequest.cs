namespace Kessan.CacheHost.Tags;

/// <summary>Tags to invalidate, or whose generations are asked for.</summary>
/// <param name="Tags">The tags.</param>
internal sealed record TagsRequest(IReadOnlyList<string> Tags);
