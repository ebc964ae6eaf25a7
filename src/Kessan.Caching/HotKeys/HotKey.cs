using Kessan.Caching.Keys;

namespace Kessan.Caching.HotKeys;

/// <summary>A key that this node is asked for often.</summary>
/// <param name="Key">The key.</param>
/// <param name="DataType">Its data type.</param>
/// <param name="RequestsPerSecond">How often, averaged over about the last minute; estimated from one look-up in 64, low rather than high.</param>
public readonly record struct HotKey(string Key, CacheDataType DataType, double RequestsPerSecond);
