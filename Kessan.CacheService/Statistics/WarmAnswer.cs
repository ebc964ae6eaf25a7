namespace Kessan.CacheHost.Statistics;

/// <summary>What a warm-up did.</summary>
/// <param name="Loaded">How many of the keys Redis had: they are in the first layer now.</param>
internal sealed record WarmAnswer(int Loaded);
