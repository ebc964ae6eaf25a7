using System.Globalization;
using Kessan.Caching;

namespace Kessan.MarketApi.Http;

/// <summary>Tells a client where its answer came from.</summary>
internal static class CacheHeaders
{
    /// <summary>
    /// Writes <c>Cache-Status</c> (RFC 9211) and, for what the source did not make just now, <c>Age</c> (RFC 9111, section 5.1).
    /// Browsers must ask again each time: the cache that counts is ours.
    /// </summary>
    public static void Write<T>(HttpResponse response, in CacheLookup<T> lookup)
    {
        response.Headers["Cache-Status"] = CacheStatus.Format(lookup);
        response.Headers.CacheControl = "no-cache";
        if (lookup.Layer is CacheLayer.L1 or CacheLayer.L2)
            response.Headers.Age = Math.Floor(lookup.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
