namespace Kessan.Caching.Redis;

/// <summary>What a clean-up removed.</summary>
/// <param name="Scanned">How many keys it looked at.</param>
/// <param name="Entries">Our entries that had no end of life.</param>
/// <param name="Leases">Leases that had none.</param>
/// <param name="IndexMembers">Members of tag indexes whose entry is gone.</param>
/// <param name="Complete">Whether it looked at all keys; <see langword="false"/>: its bound came first.</param>
public sealed record CleanupReport(long Scanned, long Entries, long Leases, long IndexMembers, bool Complete)
{
    /// <summary>Nothing done: Redis is away, or none is configured.</summary>
    public static CleanupReport None { get; } = new(0, 0, 0, 0, Complete: false);
}
