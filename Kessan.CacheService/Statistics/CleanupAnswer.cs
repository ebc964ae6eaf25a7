namespace Kessan.CacheHost.Statistics;

/// <summary>What a clean-up removed from Redis.</summary>
internal sealed record CleanupAnswer(RedisCleanup Redis);

/// <summary>What a clean-up removed from Redis: what nothing else would have.</summary>
/// <param name="Scanned">How many keys it looked at.</param>
/// <param name="Entries">Entries without an end of life.</param>
/// <param name="Leases">Leases without one.</param>
/// <param name="IndexMembers">Members of tag indexes whose entry is gone.</param>
/// <param name="Complete">Whether it looked at all keys.</param>
internal sealed record RedisCleanup(long Scanned, long Entries, long Leases, long IndexMembers, bool Complete);
