namespace Kessan.CacheHost.Statistics;

/// <summary>How many entries Redis holds.</summary>
/// <param name="ByDataType">By data type; types without any are left out.</param>
/// <param name="AsOf">When they were counted.</param>
/// <param name="IsComplete">Whether all keys were counted.</param>
internal sealed record KeyCounts(IReadOnlyDictionary<string, long> ByDataType, DateTimeOffset AsOf, bool IsComplete);
