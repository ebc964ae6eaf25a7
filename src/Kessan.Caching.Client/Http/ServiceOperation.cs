namespace Kessan.Caching.Client.Http;

/// <summary>What a request is for, in messages; never with a key.</summary>
internal static class ServiceOperation
{
    public const string Read = "a read";
    public const string Write = "a write";
    public const string Removal = "a removal";
    public const string Lease = "a lease";
    public const string Tags = "tags";
    public const string Scan = "a scan";
    public const string Quota = "a quota";
    public const string Events = "events";
}
