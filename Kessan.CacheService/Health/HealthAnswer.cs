namespace Kessan.CacheHost.Health;

/// <summary>How the service is, layer by layer. What nobody reports is null.</summary>
/// <param name="Status"><c>healthy</c>, or <c>degraded</c>: still serving.</param>
/// <param name="Services">The layers.</param>
internal sealed record HealthAnswer(string Status, HealthServices Services);

/// <summary>The layers.</summary>
/// <param name="Redis">The second layer, as the server itself reports.</param>
/// <param name="L1">The first layer of this replica.</param>
/// <param name="Backplane">How this replica hears of changes.</param>
internal sealed record HealthServices(RedisHealth Redis, LocalHealth L1, BackplaneHealth Backplane);

/// <summary>The second layer. The figures are the server's own, summed over the primaries of a cluster.</summary>
internal sealed record RedisHealth(
    string Status,
    bool Connected,
    double? HitRatePercent,
    string? MemoryUsage,
    long? TotalCommands,
    long? UptimeSeconds,
    int? ConnectedClients);

/// <summary>The first layer of this replica.</summary>
internal sealed record LocalHealth(string Status, long Entries, long SizeBytes, double? HitRatePercent);

/// <summary>How this replica hears of changes.</summary>
internal sealed record BackplaneHealth(string Status, bool Connected, double? LagMilliseconds, long Gaps);
