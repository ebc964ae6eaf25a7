namespace Kessan.CacheHost.Leases;

/// <summary>Leases to ask for, without waiting.</summary>
/// <param name="Leases">The requests.</param>
internal sealed record LeaseBatchRequest(IReadOnlyList<LeaseBatchItem> Leases);

/// <summary>One lease to ask for.</summary>
/// <param name="Key">The key.</param>
/// <param name="Nonce">Who asks; chosen by the caller.</param>
/// <param name="Duration">How long the lease lasts, in milliseconds.</param>
/// <param name="UnwantedVersion">The version of an entry that is no good to the caller.</param>
internal sealed record LeaseBatchItem(string Key, string Nonce, double? Duration = null, long UnwantedVersion = 0);
