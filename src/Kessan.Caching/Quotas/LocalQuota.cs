namespace Kessan.Caching.Quotas;

/// <summary>What a node knows of one counter: how it stood in the store, and what it granted by itself since. Not safe by itself: lock it.</summary>
/// <param name="counter">Which counter.</param>
internal sealed class LocalQuota(QuotaCharge counter)
{
    // Charges whose fate is not known are sent again by name; past so many they are taken for made.
    private const int MostUncertain = 100;

    private readonly Dictionary<string, long> _uncertain = new(StringComparer.Ordinal);
    private long _known;
    private long _unsent;

    public QuotaCharge Counter { get; } = counter;

    public DateTimeOffset End { get; private set; }

    /// <summary>Ends when what was pending is handed in, or cannot be.</summary>
    public Task? HandingIn { get; set; }

    public bool IsPending => _unsent > 0 || _uncertain.Count > 0;

    public long Usage => _known + _unsent + _uncertain.Values.Sum();

    /// <summary>Forgets everything if the window is over.</summary>
    public void Open(DateTimeOffset now)
    {
        if (End > now) return;
        (_known, _unsent, End) = (0, 0, default);
        _uncertain.Clear();
    }

    /// <summary>The store has answered.</summary>
    public void Know(QuotaReading reading, DateTimeOffset now)
    {
        _known = reading.Usage;
        if (reading.Reset > TimeSpan.Zero) End = now + reading.Reset;
    }

    /// <summary>Charges by itself.</summary>
    /// <param name="charge">The charge.</param>
    /// <param name="wasSent">Whether the store may have made it: then it is to be sent again under its name, not added up.</param>
    /// <param name="now">The time.</param>
    public bool TryCharge(QuotaCharge charge, bool wasSent, DateTimeOffset now)
    {
        if (End <= now) End = now + charge.Length;
        if (charge.Nonce is { } known && _uncertain.ContainsKey(known)) return true;
        if (Usage > charge.Limit - charge.Cost) return false;

        if (charge.Nonce is { } nonce && (wasSent || _uncertain.Count < MostUncertain)) _uncertain[nonce] = charge.Cost;
        else _unsent += charge.Cost;
        if (_uncertain.Count > MostUncertain) Settle(_uncertain.First().Key);
        return true;
    }

    /// <summary>What is to be handed in, each under a name; it is uncertain from now on.</summary>
    public KeyValuePair<string, long>[] TakePending()
    {
        if (_unsent > 0)
        {
            _uncertain[Guid.NewGuid().ToString("N")] = _unsent;
            _unsent = 0;
        }

        return _uncertain.Count == 0 ? [] : [.. _uncertain];
    }

    /// <summary>A charge is in the store.</summary>
    public void Settle(string nonce)
    {
        if (_uncertain.Remove(nonce, out var cost)) _known += cost;
    }
}
