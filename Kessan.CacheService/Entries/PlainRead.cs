namespace Kessan.CacheHost.Entries;

/// <summary>Endpoint metadata: a request without a query reads the entry that its <c>{key}</c> names, and does nothing else.</summary>
internal sealed class PlainRead
{
    public static PlainRead Row { get; } = new();
}
