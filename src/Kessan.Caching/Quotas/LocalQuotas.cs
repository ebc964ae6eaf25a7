using System.Collections.Concurrent;

namespace Kessan.Caching.Quotas;

/// <summary>The counters that a node keeps for itself, at most so many.</summary>
internal sealed class LocalQuotas(int maximum)
{
    private readonly ConcurrentDictionary<string, LocalQuota> _quotas = new(StringComparer.Ordinal);
    private long _nextSweep;

    /// <returns><see langword="null"/>: there are too many.</returns>
    public LocalQuota? Find(string key, DateTimeOffset now)
    {
        if (_quotas.TryGetValue(key, out var quota)) return quota;
        if (_quotas.Count >= maximum)
        {
            Sweep(now);
            if (_quotas.Count >= maximum) return null;
        }

        return _quotas.GetOrAdd(key, static _ => new LocalQuota());
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
