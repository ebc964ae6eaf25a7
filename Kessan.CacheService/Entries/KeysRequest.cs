namespace Kessan.CacheHost.Entries;

/// <summary>Keys to read, or to delete.</summary>
/// <param name="Keys">The keys; one that stands twice is answered once.</param>
internal sealed record KeysRequest(IReadOnlyList<string> Keys);
