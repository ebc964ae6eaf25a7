using Kessan.CacheHost.Health;

namespace Kessan.CacheHost.Statistics;

/// <summary>What this replica counted since its start, and what Redis holds.</summary>
/// <param name="Health">The second layer, as in <c>/health/detailed</c>.</param>
/// <param name="KeyCounts">Entries in Redis by data type; null while it is away, and until they are counted for the first time.</param>
/// <param name="AsOf">When they were counted: at most 60 s ago, or longer while a new count takes more than 2 s.</param>
/// <param name="Complete">Whether all keys were counted; false: the count ended at its bound.</param>
/// <param name="Layers">Look-ups by layer.</param>
internal sealed record StatisticsAnswer(
    RedisHealth Health, IReadOnlyDictionary<string, long>? KeyCounts, DateTimeOffset? AsOf, bool? Complete, LayerStatistics Layers);

/// <summary>Look-ups of this replica since its start, and the state of its parts.</summary>
internal sealed record LayerStatistics(
    LookupCounts Total,
    IReadOnlyDictionary<string, LookupCounts> DataTypes,
    long StampedeJoins,
    long SourceCalls,
    long StaleAnswers,
    long L1Entries,
    long L1SizeBytes,
    long L1Evictions,
    bool BreakerOpen,
    int PendingChanges,
    long BackplaneGaps);

/// <summary>How look-ups ended.</summary>
internal sealed record LookupCounts(
    long Requests,
    long L1Hits,
    long L2Hits,
    long Stale,
    long Misses,
    long Errors,
    double? HitRatePercent,
    double? L1HitRatePercent,
    double? L2HitRatePercent);
