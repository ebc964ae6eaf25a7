namespace Kessan.CacheHost.Statistics;

/// <summary>What a clean-up removed.</summary>
/// <param name="L1">From the first layer of this replica.</param>
/// <param name="Redis">From Redis.</param>
internal sealed record CleanupAnswer(LocalCleanup L1, RedisCleanup Redis);

/// <summary>What a clean-up removed from the first layer: what was past its stale window.</summary>
/// <param name="Entries">How many entries.</param>
internal sealed record LocalCleanup(int Entries);

/// <summary>What a clean-up removed from Redis: what nothing else would have.</summary>
/// <param name="Scanned">How many keys it looked at.</param>
/// <param name="Entries">Entries without an end of life.</param>
/// <param name="Leases">Leases without one.</param>
/// <param name="IndexMembers">Members of tag indexes whose entry is gone.</param>
/// <param name="Complete">Whether it looked at all keys.</param>
internal sealed record RedisCleanup(long Scanned, long Entries, long Leases, long IndexMembers, bool Complete);
