using System.Collections.Concurrent;

namespace Kessan.Caching.Quotas;

/// <summary>The counters that a node keeps for itself, at most so many.</summary>
internal sealed class LocalQuotas(int maximum)
{
    private readonly ConcurrentDictionary<string, LocalQuota> _quotas = new(StringComparer.Ordinal);
    private long _nextSweep;

    /// <returns><see langword="null"/>: there are too many.</returns>
    public LocalQuota? Find(QuotaCharge counter, DateTimeOffset now)
    {
        if (_quotas.TryGetValue(counter.Key, out var quota)) return quota;
        if (_quotas.Count >= maximum)
        {
            Sweep(now);
            if (_quotas.Count >= maximum) return null;
        }

        return _quotas.GetOrAdd(counter.Key, static (_, counter) => new LocalQuota(counter with { Nonce = null, NonceLifetime = null }), counter);
    }

    /// <summary>Those of which the store has not heard everything, and whose windows have not ended.</summary>
    public IReadOnlyList<QuotaCharge> Pending(DateTimeOffset now)
    {
        var pending = new List<QuotaCharge>();
        foreach (var (_, quota) in _quotas)
        {
            lock (quota)
            {
                quota.Open(now);
                if (quota.IsPending) pending.Add(quota.Counter);
            }
        }

        return pending;
    }

    // At most once a second: a full table is no reason to walk it for every call.
    private void Sweep(DateTimeOffset now)
    {
        var due = Interlocked.Read(ref _nextSweep);
        if (now.Ticks < due || Interlocked.CompareExchange(ref _nextSweep, now.Ticks + TimeSpan.TicksPerSecond, due) != due) return;
        foreach (var (key, quota) in _quotas)
        {
            lock (quota)
            {
                if (quota.End <= now) _quotas.TryRemove(key, out _);
            }
        }
    }
}
