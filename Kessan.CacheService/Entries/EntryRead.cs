namespace Kessan.CacheHost.Entries;

/// <summary>Endpoint metadata: the row that reads an entry, which <see cref="HitMiddleware"/> answers for when L1 has it.</summary>
internal sealed class EntryRead
{
    public static EntryRead Row { get; } = new();
}
