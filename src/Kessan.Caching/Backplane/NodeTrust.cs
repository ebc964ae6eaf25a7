using System.Runtime.CompilerServices;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Backplane;

/// <summary>
/// Whether L1 may be believed: up to <see cref="TrustedUntil"/> the backplane is known to be whole, and entries of the present
/// <see cref="Epoch"/> have seen every message.
/// </summary>
/// <remarks>
/// A hit compares the clock with <see cref="TrustedUntil"/>, so a process that was stopped for long serves nothing before it has
/// heard from the backplane again, whether or not its timers have run. Without a store everything is trusted for ever.
/// </remarks>
internal sealed class NodeTrust
{
    private readonly CacheClock _clock;
    private readonly TimeSpan _duration;
    private readonly TimeSpan _aloneLifetime;
    private readonly Lock _lock = new();
    private long _trustedUntil;
    private int _epoch = 1;
    private int _lastTrustedEpoch = 1;
    private long _lastProof;
    private long _losses;

    public NodeTrust(CacheClock clock, KessanCacheOptions options, bool hasStore)
    {
        _clock = clock;
        _duration = options.TrustDuration;
        _aloneLifetime = options.L1LifetimeWhenAlone;
        _lastProof = clock.Now;
        _trustedUntil = hasStore ? long.MinValue : long.MaxValue;
    }

    public long TrustedUntil
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _trustedUntil);
    }

    /// <summary>Entries of another epoch are no hits until the store has confirmed them.</summary>
    public int Epoch
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _epoch);
    }

    /// <summary>How often messages were known or feared to be lost.</summary>
    public long Losses => Interlocked.Read(ref _losses);

    public bool IsTrusted => _clock.Now < TrustedUntil;

    /// <summary>The backplane was whole <paramref name="age"/> ago.</summary>
    public void Prove(TimeSpan age)
    {
        lock (_lock)
        {
            if (_trustedUntil == long.MaxValue) return;
            var now = _clock.Now;
            var proof = CacheClock.Add(now, -age);
            var until = CacheClock.Add(proof, _duration);
            if (until <= now) return; // too old to be worth anything: the process was stopped, or the channel is slow

            // What came into L1 since the trust ended, or before there was any, may have missed a message.
            if (now >= _trustedUntil) _epoch++;
            Volatile.Write(ref _lastTrustedEpoch, _epoch);
            _lastProof = Math.Max(_lastProof, proof);
            Volatile.Write(ref _trustedUntil, Math.Max(until, _trustedUntil));
        }
    }

    /// <summary>Some messages are lost, or may be, but the channel works: what L1 holds must be confirmed once.</summary>
    /// <param name="isLoss">Whether it counts as a loss.</param>
    public void Distrust(bool isLoss)
    {
        lock (_lock)
        {
            if (_trustedUntil == long.MaxValue) return;
            if (isLoss) _losses++;
            var trusted = _clock.Now < _trustedUntil;
            Volatile.Write(ref _epoch, _epoch + 1);
            if (trusted) Volatile.Write(ref _lastTrustedEpoch, _epoch);
        }
    }

    /// <summary>The channel is cut: nothing is trusted until it is proved whole again.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            if (_trustedUntil == long.MaxValue) return;
            _losses++;
            Volatile.Write(ref _epoch, _epoch + 1);
            if (_trustedUntil != long.MinValue) Volatile.Write(ref _trustedUntil, Math.Min(_trustedUntil, _clock.Now));
        }
    }

    /// <summary>
    /// Whether what this node made without the store, in this epoch, may be served without asking the store again: no message was missed
    /// while the channel was whole, and it has not come back since. When it comes back, the store is asked.
    /// </summary>
    public bool IsOwnUsable(int entryEpoch) => entryEpoch >= Volatile.Read(ref _lastTrustedEpoch);

    /// <summary>
    /// Whether an entry of this epoch may be served while the store is away: it was in order when the trust ended, or came later, and
    /// the time alone is not over.
    /// </summary>
    public bool IsUsableAlone(int entryEpoch, bool isUnleased)
    {
        lock (_lock)
        {
            if (entryEpoch < _lastTrustedEpoch) return false;
            return isUnleased || _clock.Now < CacheClock.Add(_lastProof, _aloneLifetime);
        }
    }
}
