namespace Kessan.CacheHost.Leases;

/// <summary>What became of the requests, in their order.</summary>
/// <param name="Leases">The outcomes.</param>
internal sealed record LeaseBatchAnswer(IReadOnlyList<LeaseBatchOutcome> Leases);

/// <summary>What became of one request.</summary>
/// <param name="Key">The key.</param>
/// <param name="Outcome"><c>granted</c>, <c>held</c> by another, or <c>value</c>: there is one, read it.</param>
/// <param name="ExpiresIn">How long the lease lasts, in seconds.</param>
/// <param name="Version">When granted: the store's version clock at that moment.</param>
internal sealed record LeaseBatchOutcome(string Key, string Outcome, double? ExpiresIn = null, long? Version = null);
