using System.Runtime.CompilerServices;
using Kessan.Caching.Backplane;
using Kessan.Caching.Tags;

namespace Kessan.Caching.Local;

/// <summary>The step "look-up": decides what an L1 entry is good for.</summary>
internal sealed class LocalJudge(CacheNode node)
{
    private readonly Timing.CacheClock _clock = node.Clock;
    private readonly NodeTrust _trust = node.Trust;

    /// <summary>The usual case, in a few comparisons: fresh, far from its end, confirmed, and no tag has changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsPlainHit(LocalEntry entry)
    {
        var now = _clock.Now;
        return now < entry.RefreshFrom && now < _trust.TrustedUntil && entry.Epoch == _trust.Epoch && TagStamp.AllCurrent(entry.Tags);
    }

    public LocalVerdict Judge(LocalEntry entry)
    {
        var now = _clock.Now;
        if (now >= entry.StaleUntil || !TagStamp.AllCurrent(entry.Tags)) return LocalVerdict.Useless;
        var isFresh = now < entry.FreshUntil;
        if (now < _trust.TrustedUntil && entry.Epoch == _trust.Epoch)
        {
            if (isFresh) return now < entry.RefreshFrom ? LocalVerdict.Hit : LocalVerdict.Ending;
            return now < entry.RetryAt ? LocalVerdict.Stale : LocalVerdict.Held;
        }

        if (!node.StoreIsAway) return LocalVerdict.Held;
        if (isFresh && _trust.IsUsableAlone(entry.Epoch, entry.IsUnleased)) return LocalVerdict.Unverified;
        return now < entry.RetryAt ? LocalVerdict.Stale : LocalVerdict.Held;
    }

    /// <summary>XFetch: whether this very hit refreshes the entry, <c>-δ·β·ln(u) &gt;= time left</c>.</summary>
    public bool DrawsRefresh(LocalEntry entry)
        => entry.RefreshScale > 0 && -entry.RefreshScale * Math.Log(1 - node.Planner.Draw()) >= entry.LifeEnd - _clock.Now && entry.TryBeginRefresh();
}
