namespace Kessan.Caching.Quotas;

/// <summary>Counters in memory, for tests of several nodes and for programs of one process. Counters whose window has ended are forgotten.</summary>
/// <param name="time">Tells the time. Default: the system's.</param>
public sealed class InMemoryQuotaStore(TimeProvider? time = null) : IQuotaStore
{
    private const int SweepAt = 1024;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Counter> _counters = new(StringComparer.Ordinal);
    private int _sweepAt = SweepAt;

    /// <inheritdoc/>
    public ValueTask<QuotaReading> ChargeAsync(QuotaCharge charge, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (Find(charge.Key, now) is not { } counter)
            {
                if (charge.Cost > charge.Limit) return new(new QuotaReading(false, 0, TimeSpan.Zero));
                _counters[charge.Key] = counter = new Counter(now + charge.Length);
                if (_counters.Count >= _sweepAt) Sweep(now);
            }

            var isKnown = charge.Nonce is { } known && counter.Knows(known, now);
            var isCharged = isKnown || counter.Usage <= charge.Limit - charge.Cost;
            if (isCharged && !isKnown)
            {
                counter.Usage += charge.Cost;
                if (charge.Nonce is { } name) counter.Remember(name, charge.NonceLifetime is { } lifetime && lifetime < counter.End - now ? now + lifetime : counter.End);
            }

            return new(new QuotaReading(isCharged, counter.Usage, counter.End - now));
        }
    }

    /// <inheritdoc/>
    public ValueTask<QuotaReading> ReadAsync(QuotaCharge quota, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            return new(Find(quota.Key, now) is { } counter ? new QuotaReading(false, counter.Usage, counter.End - now) : default);
        }
    }

    private Counter? Find(string key, DateTimeOffset now) => _counters.TryGetValue(key, out var counter) && counter.End > now ? counter : null;

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, counter) in _counters.ToArray())
        {
            if (counter.End <= now) _counters.Remove(key);
        }

        _sweepAt = Math.Max(SweepAt, _counters.Count * 2);
    }

    private sealed class Counter(DateTimeOffset end)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly PriorityQueue<string, DateTimeOffset> _ends = new();

        public DateTimeOffset End { get; } = end;

        public long Usage { get; set; }

        public bool Knows(string name, DateTimeOffset now)
        {
            while (_ends.TryPeek(out var first, out var end) && (end <= now || _ends.Count > QuotaCharge.MostNames))
            {
                _ends.Dequeue();
                _names.Remove(first);
            }

            return _names.Contains(name);
        }

        public void Remember(string name, DateTimeOffset end)
        {
            if (_names.Add(name)) _ends.Enqueue(name, end);
        }
    }
}
