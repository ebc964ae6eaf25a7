using Kessan.Caching.Storage;

namespace Kessan.Caching.Quotas;

/// <summary>
/// Counters that all nodes share, exact to the unit: Redis, the cache service, or memory. The window begins with the first charge and
/// is not lengthened by later ones.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Every member throws <see cref="CacheStoreException"/> when the store cannot be reached or answers with an error,
/// and <see cref="OperationCanceledException"/> when the caller's token ends the wait.
/// </remarks>
public interface IQuotaStore
{
    /// <summary>Charges a quota if it stays within the limit, in one atomic step.</summary>
    ValueTask<QuotaReading> ChargeAsync(QuotaCharge charge, CancellationToken cancellationToken);

    /// <summary>Tells how a quota stands, without charging it; cost, limit and nonce of the argument do not count.</summary>
    ValueTask<QuotaReading> ReadAsync(QuotaCharge quota, CancellationToken cancellationToken);
}
