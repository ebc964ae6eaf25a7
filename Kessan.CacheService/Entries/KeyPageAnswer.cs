namespace Kessan.CacheHost.Entries;

/// <summary>One page of keys.</summary>
/// <param name="Keys">Some keys, possibly none; one may come twice.</param>
/// <param name="Cursor">Give it to the next request; missing on the last page.</param>
internal sealed record KeyPageAnswer(IReadOnlyList<string> Keys, string? Cursor);
