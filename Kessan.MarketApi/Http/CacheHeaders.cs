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
        if (IsFromCache(lookup))
            WriteAge(response, lookup.Age);
    }

    /// <summary>
    /// Writes the headers of an answer that was put together: it comes from as far as the farthest of its parts, and is as old as
    /// the oldest.
    /// </summary>
    public static void Write<T>(HttpResponse response, IEnumerable<CacheLookup<T>> lookups)
    {
        var found = lookups.Where(lookup => lookup.Value is not null).ToList();
        if (found.Count == 0)
            return;
        var whole = found.MaxBy(lookup => lookup.Layer) with
        {
            IsStale = found.Exists(lookup => lookup.IsStale),
            TimeLeft = found.Min(lookup => lookup.TimeLeft),
            Age = found.Max(lookup => lookup.Age),
        };
        Write(response, whole);
        if (found.Exists(IsFromCache))
            WriteAge(response, whole.Age);
    }

    private static bool IsFromCache<T>(CacheLookup<T> lookup) => lookup.Layer is CacheLayer.L1 or CacheLayer.L2;

    private static void WriteAge(HttpResponse response, TimeSpan age) =>
        response.Headers.Age = Math.Floor(age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
