namespace Kessan.Caching.Redis;

/// <summary>What the servers report of themselves, summed over the primaries. What a server does not report is null.</summary>
public sealed record RedisServerInfo
{
    /// <summary>Bytes of memory in use: the allocator's, or the process's where that is all the server tells (Garnet).</summary>
    public long? UsedMemoryBytes { get; init; }

    /// <summary>The limit set for it, if there is one.</summary>
    public long? MaximumMemoryBytes { get; init; }

    /// <summary>Commands since the start.</summary>
    public long? TotalCommands { get; init; }

    /// <summary>How long the youngest of the servers runs.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Connections now.</summary>
    public int? ConnectedClients { get; init; }

    /// <summary>Reads that found a key, since the start.</summary>
    public long? KeyspaceHits { get; init; }

    /// <summary>Reads that found none, since the start.</summary>
    public long? KeyspaceMisses { get; init; }

    /// <summary>Keys in the store's database, those that are no entries included.</summary>
    public long? Keys { get; init; }

    /// <summary>The server's own hit rate, 0 to 100; null before the first read.</summary>
    public double? HitRatePercent => KeyspaceHits is { } hits && KeyspaceMisses is { } misses && hits + misses > 0
        ? 100.0 * hits / (hits + misses)
        : null;
}
