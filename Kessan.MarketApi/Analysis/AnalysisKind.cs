namespace Kessan.MarketApi.Analysis;

/// <summary>What an analysis looks at: a closed set, named as in addresses and keys. Immutable.</summary>
/// <param name="Name">The name.</param>
/// <param name="Averages">The windows of the moving averages, shortest first; at least two.</param>
/// <param name="Strength">The window of the relative strength index.</param>
/// <param name="Volatility">The window of the volatility.</param>
/// <param name="Momentum">The window of the momentum.</param>
internal sealed record AnalysisKind(string Name, int[] Averages, int Strength, int Volatility, int Momentum)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<AnalysisKind> All { get; } =
    [
        new("short_term", [5, 25], 14, 20, 10),
        new("long_term", [75, 200], 14, 120, 120),
        new("comprehensive", [5, 25, 75, 200], 14, 60, 60),
    ];

    /// <summary>How many trading days of prices make all figures exact enough: those that are smoothed need a run-up.</summary>
    public int DaysNeeded => Math.Max(3 * Averages[0], Math.Max(Averages[^1], Math.Max(Volatility, Momentum))) + (4 * Strength);

    /// <summary>A kind; <see langword="null"/> if there is none of that name.</summary>
    public static AnalysisKind? Find(string name) =>
        All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
