namespace Kessan.CacheHost;

/// <summary>What the service writes to its log. Ids are stable; keys, users and values stand in none of it.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A request failed for a reason that is no fault of the request.")]
    public static partial void RequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "The store did not answer a request.")]
    public static partial void StoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "API keys reloaded: {Count} are valid now.")]
    public static partial void KeysReloaded(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Error, "The configuration of API keys was changed to something invalid; the keys stay as they were. {Failures}")]
    public static partial void KeysNotReloaded(ILogger logger, string failures);

    [LoggerMessage(5, LogLevel.Information, "Audit: client {Client} used {Method} {Route}.")]
    public static partial void AdminUsed(ILogger logger, string client, string method, string route);

    [LoggerMessage(6, LogLevel.Warning, "No Redis is configured: L1 only. Entries end with this process, other replicas do not see them, and sessions and leases are refused. Set ConnectionStrings:redis, REDIS_CLUSTER_NODES or REDIS_URL.")]
    public static partial void NoRedis(ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "An entry in the store cannot be decompressed; it is answered as missing.")]
    public static partial void EntryDamaged(ILogger logger, Exception failure);

    [LoggerMessage(8, LogLevel.Warning, "{Changes} changes were accepted and {Quotas} quotas charged while Redis was away; the stop waits for it, at most {Seconds} s.")]
    public static partial void StopWaits(ILogger logger, int changes, int quotas, double seconds);

    [LoggerMessage(9, LogLevel.Information, "Redis has heard of all that was accepted without it.")]
    public static partial void ChangesHandedIn(ILogger logger);

    [LoggerMessage(10, LogLevel.Error, "Redis did not come back before the stop: {Changes} accepted changes are lost, and the charges of {Quotas} quotas. What they replaced or removed may be served until it expires.")]
    public static partial void ChangesLost(ILogger logger, int changes, int quotas);
}
