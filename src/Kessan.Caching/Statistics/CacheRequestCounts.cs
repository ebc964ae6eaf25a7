namespace Kessan.Caching.Statistics;

/// <summary>How look-ups ended, since the node's start. Each look-up of a key moves exactly one of the counters by one.</summary>
/// <param name="L1Hits">Answered by L1 with a fresh value (also one that could not be checked while the store is away).</param>
/// <param name="L2Hits">Answered by L2 with a fresh value.</param>
/// <param name="Fills">The source ran for this look-up.</param>
/// <param name="Joins">Answered by a fill that another look-up of this process had begun.</param>
/// <param name="Stale">Answered with a value past its fresh life.</param>
/// <param name="Misses">There was no value, and no source to be asked.</param>
/// <param name="Errors">The source failed, and there was nothing stale to give.</param>
public sealed record CacheRequestCounts(long L1Hits, long L2Hits, long Fills, long Joins, long Stale, long Misses, long Errors)
{
    /// <summary>All look-ups.</summary>
    public long Requests => L1Hits + L2Hits + Fills + Joins + Stale + Misses + Errors;

    /// <summary>The part that L1 answered, 0 to 100; <see langword="null"/> before the first look-up.</summary>
    public double? L1HitRatePercent => Percent(L1Hits, Requests);

    /// <summary>The part that L2 answered of those that passed L1 and began a look-up of their own; <see langword="null"/> before the first.</summary>
    public double? L2HitRatePercent => Percent(L2Hits, Requests - L1Hits - Joins);

    /// <summary>The part that was answered fresh without asking a source, 0 to 100; <see langword="null"/> before the first look-up.</summary>
    public double? HitRatePercent => Percent(L1Hits + L2Hits, Requests);

    private static double? Percent(long part, long whole) => whole == 0 ? null : 100.0 * part / whole;
}
