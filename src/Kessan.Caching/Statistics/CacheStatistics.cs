using Kessan.Caching.Keys;
using Kessan.Caching.Telemetry;

namespace Kessan.Caching.Statistics;

/// <summary>What a node counted since its start. A snapshot: immutable, and taken without stopping anything.</summary>
/// <remarks>
/// The counters are read one after another while requests go on, so sums may be off by the requests of that moment. Making one asks
/// nobody; it costs some microseconds.
/// </remarks>
public sealed record CacheStatistics
{
    /// <summary>All look-ups.</summary>
    public required CacheRequestCounts Total { get; init; }

    /// <summary>Look-ups by data type; types without any are left out.</summary>
    public required IReadOnlyDictionary<CacheDataType, CacheRequestCounts> ByDataType { get; init; }

    /// <summary>Look-ups that joined a fill which another one of this process had begun: one each, when the join begins.</summary>
    public long StampedeJoins { get; init; }

    /// <summary>Calls of sources: one for each fill, early refresh or batch, when the source returns or fails.</summary>
    public long SourceCalls { get; init; }

    /// <summary>Answers past their fresh life.</summary>
    public long StaleAnswers { get; init; }

    /// <summary>Entries in L1 now.</summary>
    public long L1Entries { get; init; }

    /// <summary>Bytes in L1 now.</summary>
    public long L1SizeBytes { get; init; }

    /// <summary>Entries that left L1 for want of room.</summary>
    public long L1Evictions { get; init; }

    /// <summary>Whether the store's breaker is open now.</summary>
    public bool BreakerOpen { get; init; }

    /// <summary>Keys and tags that were changed while the store was away and of which it hears when it is back.</summary>
    public int PendingChanges { get; init; }

    /// <summary>How often messages of the backplane were known or feared to be lost.</summary>
    public long BackplaneGaps { get; init; }

    internal static CacheStatistics Of(CacheNode node)
    {
        var byType = new Dictionary<CacheDataType, CacheRequestCounts>();
        var total = new CacheRequestCounts(0, 0, 0, 0, 0, 0, 0);
        foreach (var type in Enum.GetValues<CacheDataType>())
        {
            var counts = Of(node.Metrics.Requests, type);
            if (counts.Requests == 0) continue;
            byType[type] = counts;
            total = new(
                total.L1Hits + counts.L1Hits, total.L2Hits + counts.L2Hits, total.Fills + counts.Fills, total.Joins + counts.Joins,
                total.Stale + counts.Stale, total.Misses + counts.Misses, total.Errors + counts.Errors);
        }

        return new CacheStatistics
        {
            Total = total,
            ByDataType = byType,
            StampedeJoins = node.Metrics.Joins,
            SourceCalls = node.Metrics.SourceCalls,
            StaleAnswers = node.Metrics.StaleAnswers,
            L1Entries = node.Local.Count,
            L1SizeBytes = node.Local.Bytes,
            L1Evictions = node.Local.Evictions,
            BreakerOpen = node.StoreIsAway,
            PendingChanges = node.Journal.Count,
            BackplaneGaps = node.Trust.Losses,
        };
    }

    private static CacheRequestCounts Of(RequestCounts counts, CacheDataType type)
    {
        long Sum(RequestOutcome outcome) => Enum.GetValues<CacheLayer>().Sum(layer => counts.Of(layer, outcome, type));
        return new(
            L1Hits: counts.Of(CacheLayer.L1, RequestOutcome.Hit, type) + counts.Of(CacheLayer.L1, RequestOutcome.Unverified, type),
            L2Hits: counts.Of(CacheLayer.L2, RequestOutcome.Hit, type),
            Fills: Sum(RequestOutcome.Fill) + counts.Of(CacheLayer.Source, RequestOutcome.Hit, type),
            Joins: Sum(RequestOutcome.Join),
            Stale: Sum(RequestOutcome.Stale),
            Misses: Sum(RequestOutcome.Miss),
            Errors: Sum(RequestOutcome.Error));
    }
}
