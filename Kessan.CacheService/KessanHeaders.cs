namespace Kessan.CacheHost;

/// <summary>The header fields that only this service has.</summary>
internal static class KessanHeaders
{
    /// <summary>Answers: which replica answered.</summary>
    public const string Node = "Kessan-Node";

    /// <summary>Requests: the nonce of the lease that a write fills, or that is asked for, renewed or released.</summary>
    public const string Lease = "Kessan-Lease";

    /// <summary>Answers: the version that the store issued, or of what stands there when a condition failed.</summary>
    public const string Version = "Kessan-Version";

    /// <summary>Answers of type <c>application/vnd.kessan.entry</c>: <c>unverified</c> when the reader must compare the tags itself.</summary>
    public const string Tags = "Kessan-Tags";
}
