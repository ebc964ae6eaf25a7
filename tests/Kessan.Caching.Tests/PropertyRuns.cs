namespace Kessan.Caching.Tests;

/// <summary>How many random inputs a property gets: 10^4 in the normal run, 10^6 in the long one (KESSAN_LONG=1).</summary>
internal static class PropertyRuns
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("KESSAN_LONG") == "1";

    public static int Count { get; } = IsLong ? 1_000_000 : 10_000;

    /// <summary>How many random interleavings of a simulated fleet: each takes some milliseconds of real time.</summary>
    public static int Interleavings { get; } = IsLong ? 20_000 : 1_000;
}
