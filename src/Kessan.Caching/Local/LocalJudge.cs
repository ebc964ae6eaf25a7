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
    public bool IsPlainHit(LocalEntry entry, out long now)
    {
        now = _clock.Now;
        return now < entry.RefreshFrom && now < _trust.TrustedUntil && entry.Epoch == _trust.Epoch && TagStamp.AllCurrent(entry.Tags);
    }

    public LocalVerdict Judge(LocalEntry entry) => Judge(entry, _clock.Now);

    public LocalVerdict Judge(LocalEntry entry, long now)
    {
        if (now >= entry.StaleUntil || !TagStamp.AllCurrent(entry.Tags)) return LocalVerdict.Useless;
        var isFresh = now < entry.FreshUntil;

        // A moment ago the store had nothing newer and the source failed: neither is asked again before that moment is over.
        if (!isFresh && now < entry.RetryAt) return LocalVerdict.Stale;
        if (entry.IsLocalOnly || (now < _trust.TrustedUntil && entry.Epoch == _trust.Epoch))
        {
            if (!isFresh) return LocalVerdict.Held;
            return now < entry.RefreshFrom ? LocalVerdict.Hit : LocalVerdict.Ending;
        }

        // What only this node has, for seconds: asking the store, or the source, at every request until then would be a load on the one
        // that the other's absence causes. Changes that are heard of end it like any other entry.
        if (isFresh && entry.IsUnleased && _trust.IsOwnUsable(entry.Epoch)) return LocalVerdict.Unverified;
        return isFresh && node.StoreIsAway && _trust.IsUsableAlone(entry.Epoch, entry.IsUnleased) ? LocalVerdict.Unverified : LocalVerdict.Held;
    }

    /// <summary>XFetch: whether this very hit refreshes the entry, <c>-δ·β·ln(u) &gt;= time left</c>.</summary>
    public bool DrawsRefresh(LocalEntry entry)
        => entry.RefreshScale > 0 && -entry.RefreshScale * Math.Log(1 - node.Planner.Draw()) >= entry.LifeEnd - _clock.Now && entry.TryBeginRefresh();
}
