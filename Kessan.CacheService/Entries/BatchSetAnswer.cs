namespace Kessan.CacheHost.Entries;

/// <summary>What became of a batch of writes.</summary>
/// <param name="Stored">How many entries were stored.</param>
/// <param name="Failed">Why the others were not, by key.</param>
internal sealed record BatchSetAnswer(int Stored, IReadOnlyDictionary<string, string> Failed);
