namespace Kessan.CacheHost.Health;

/// <summary>How the service is, layer by layer. What nobody reports is null.</summary>
/// <param name="Status">
/// <c>healthy</c>, or <c>degraded</c>: still serving. It never says <c>unhealthy</c>: whatever is away, this replica serves from L1, and one
/// that cannot does not answer at all.
/// </param>
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
/// <param name="Status">Always <c>healthy</c>: it is this process's own memory.</param>
/// <param name="Entries">Its entries.</param>
/// <param name="SizeBytes">Their bytes.</param>
/// <param name="HitRatePercent">The part of look-ups that it answered; null before the first.</param>
internal sealed record LocalHealth(string Status, long Entries, long SizeBytes, double? HitRatePercent);

/// <summary>How this replica hears of changes.</summary>
internal sealed record BackplaneHealth(string Status, bool Connected, double? LagMilliseconds, long Gaps);
