using Kessan.Caching;

namespace Kessan.MarketApi.Http;

/// <summary>Where a part of an answer came from, as <c>Cache-Status</c> says it of a whole one.</summary>
/// <param name="Layer"><c>l1</c>, <c>l2</c> or <c>source</c>.</param>
/// <param name="IsStale">Whether it is past its fresh lifetime.</param>
/// <param name="AgeSeconds">How long ago the source made it.</param>
/// <param name="TtlSeconds">Fresh time left; negative when stale.</param>
internal sealed record CacheOrigin(string Layer, bool IsStale, double AgeSeconds, double TtlSeconds)
{
    public static CacheOrigin Of<T>(in CacheLookup<T> lookup) => new(
        lookup.Layer switch
        {
            CacheLayer.L1 => "l1",
            CacheLayer.L2 => "l2",
            CacheLayer.Source => "source",
            _ => "none",
        },
        lookup.IsStale,
        Math.Round(lookup.Age.TotalSeconds, 1),
        Math.Round(lookup.TimeLeft.TotalSeconds, 1));
}
