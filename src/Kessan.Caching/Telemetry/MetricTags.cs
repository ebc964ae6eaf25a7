using Kessan.Caching.Keys;

namespace Kessan.Caching.Telemetry;

/// <summary>The values of metric tags: small closed sets, never a key, a ticker or a user.</summary>
internal static class MetricTags
{
    public static string Of(CacheLayer layer) => layer switch
    {
        CacheLayer.L1 => "l1",
        CacheLayer.L2 => "l2",
        CacheLayer.Source => "source",
        _ => "none",
    };

    public static string Of(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Hit => "hit",
        RequestOutcome.Stale => "stale",
        RequestOutcome.Unverified => "unverified",
        RequestOutcome.Fill => "fill",
        RequestOutcome.Join => "join",
        RequestOutcome.Miss => "miss",
        _ => "error",
    };

    public static string Of(CacheDataType type) => CacheKeys.PrefixOf(type);
}
