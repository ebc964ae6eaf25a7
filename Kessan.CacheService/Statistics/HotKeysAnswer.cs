namespace Kessan.CacheHost.Statistics;

/// <summary>The keys that this replica is asked for most.</summary>
/// <param name="Keys">The first one first.</param>
internal sealed record HotKeysAnswer(IReadOnlyList<HotKeyAnswer> Keys);

/// <summary>One of them.</summary>
/// <param name="Key">The key.</param>
/// <param name="DataType">The prefix of its data type.</param>
/// <param name="RequestsPerSecond">How often, over about the last minute; estimated.</param>
internal sealed record HotKeyAnswer(string Key, string DataType, double RequestsPerSecond);
