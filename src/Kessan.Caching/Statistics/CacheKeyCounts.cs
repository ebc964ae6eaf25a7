using Kessan.Caching.Keys;

namespace Kessan.Caching.Statistics;

/// <summary>How many entries the store holds. Immutable.</summary>
/// <param name="ByDataType">By data type; types without any are left out. In a cluster that is being resharded a key may count twice.</param>
/// <param name="AsOf">When they were counted.</param>
/// <param name="IsComplete">Whether all keys were counted; <see langword="false"/>: there are more than the bound of the count.</param>
public sealed record CacheKeyCounts(IReadOnlyDictionary<CacheDataType, long> ByDataType, DateTimeOffset AsOf, bool IsComplete);
