using System.Globalization;

namespace Kessan.Caching;

/// <summary>The <c>Cache-Status</c> header field (RFC 9211) of an answer.</summary>
public static class CacheStatus
{
    /// <summary>
    /// <c>kessan; hit; ttl=240; detail=l1</c> for a hit, <c>kessan; hit; ttl=-12; detail=stale</c> for a stale one,
    /// <c>kessan; fwd=miss; stored; ttl=300; detail=source</c> for a value that the source just made, <c>kessan; fwd=miss; detail=source</c> for
    /// one that is not to be cached, <c>kessan; fwd=miss</c> for nothing.
    /// </summary>
    /// <param name="layer">Where the answer came from.</param>
    /// <param name="timeLeft">Fresh time left; negative when stale. Given in whole seconds, rounded down.</param>
    /// <param name="isStale">Whether the answer is past its fresh lifetime.</param>
    /// <param name="cache">The name of the cache, a token.</param>
    public static string Format(CacheLayer layer, TimeSpan timeLeft, bool isStale, string cache = "kessan")
    {
        var ttl = ((long)Math.Floor(timeLeft.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return layer switch
        {
            CacheLayer.None => $"{cache}; fwd=miss",
            _ when isStale => $"{cache}; hit; ttl={ttl}; detail=stale",
            CacheLayer.Source when timeLeft <= TimeSpan.Zero => $"{cache}; fwd=miss; detail=source",
            CacheLayer.Source => $"{cache}; fwd=miss; stored; ttl={ttl}; detail=source",
            CacheLayer.L1 => $"{cache}; hit; ttl={ttl}; detail=l1",
            _ => $"{cache}; hit; ttl={ttl}; detail=l2",
        };
    }

    /// <summary>The same for a look-up.</summary>
    public static string Format<T>(in CacheLookup<T> lookup, string cache = "kessan")
        => Format(lookup.Layer, lookup.TimeLeft, lookup.IsStale, cache);
}
