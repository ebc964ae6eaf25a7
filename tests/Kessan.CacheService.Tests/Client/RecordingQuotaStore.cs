using System.Collections.Concurrent;
using Kessan.Caching.Quotas;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>Counters in memory that remember what was asked.</summary>
internal sealed class RecordingQuotaStore : IQuotaStore
{
    private readonly InMemoryQuotaStore _store = new();
    private int _reads;

    public int Reads => _reads;

    public ConcurrentQueue<QuotaCharge> Charges { get; } = new();

    public ValueTask<QuotaReading> ChargeAsync(QuotaCharge charge, CancellationToken cancellationToken)
    {
        Charges.Enqueue(charge);
        return _store.ChargeAsync(charge, cancellationToken);
    }

    public ValueTask<QuotaReading> ReadAsync(QuotaCharge quota, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return _store.ReadAsync(quota, cancellationToken);
    }
}
