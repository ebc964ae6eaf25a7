using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Telemetry;

/// <summary>All that this project logs. Keys may be personal: none is logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "L2 is away: the cache goes on with L1 and the sources until it is back.")]
    public static partial void StoreAway(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "L2 is back after {Seconds:F1} s.")]
    public static partial void StoreBack(ILogger logger, double seconds);

    [LoggerMessage(3, LogLevel.Debug, "L2 ({Store}) did not answer within {Milliseconds} ms.")]
    public static partial void StoreSlow(ILogger logger, string store, double milliseconds);

    [LoggerMessage(4, LogLevel.Debug, "L2 ({Store}) failed.")]
    public static partial void StoreFailed(ILogger logger, string store, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "Messages of the backplane were lost: L1 is checked against L2 entry by entry.")]
    public static partial void MessagesLost(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "A value of {Bytes} bytes is over MaximumPayloadBytes ({Limit}): it was returned but not cached.")]
    public static partial void PayloadTooLarge(ILogger logger, long bytes, long limit);

    // What a serializer says may quote the value: above Debug only the kind of its failure is told.
    [LoggerMessage(7, LogLevel.Error, "A value of type {Type} could not be serialized ({Failure}): it was returned but not cached.")]
    public static partial void SerializationFailed(ILogger logger, string type, string failure);

    [LoggerMessage(8, LogLevel.Warning, "An entry of L2 could not be read as {Type} ({Failure}): it counts as a miss.")]
    public static partial void DeserializationFailed(ILogger logger, string type, string failure);

    [LoggerMessage(19, LogLevel.Debug, "What a serializer said.")]
    public static partial void SerializerFailed(ILogger logger, Exception failure);

    [LoggerMessage(20, LogLevel.Error, "L2 ({Store}) refused to invalidate everything (the cache service needs a key with the scope admin for that): what was changed on this node while L2 was away may be served by others until it expires.")]
    public static partial void EverythingRefused(ILogger logger, string store);

    [LoggerMessage(9, LogLevel.Warning, "A source failed; a stale value was given instead.")]
    public static partial void SourceFailedStale(ILogger logger, Exception failure);

    [LoggerMessage(10, LogLevel.Debug, "A source failed in the background.")]
    public static partial void BackgroundFillFailed(ILogger logger, Exception failure);

    [LoggerMessage(11, LogLevel.Information, "Repaired L2 after its absence: {Keys} keys and {Tags} tags invalidated, {Values} values put back.")]
    public static partial void Repaired(ILogger logger, int keys, int tags, int values);

    [LoggerMessage(12, LogLevel.Warning, "More than {Capacity} writes were made while L2 was away: everything is invalidated.")]
    public static partial void JournalOverflowed(ILogger logger, int capacity);

    [LoggerMessage(13, LogLevel.Warning, "The server of L2 is another one or was restarted: the writes of the last seconds are repeated.")]
    public static partial void ServerChanged(ILogger logger);

    [LoggerMessage(15, LogLevel.Warning, "L2 ({Store}) refused an operation.")]
    public static partial void StoreRefused(ILogger logger, string store, Exception failure);

    [LoggerMessage(16, LogLevel.Error, "Repairing L2 failed; it is tried again.")]
    public static partial void RepairFailed(ILogger logger, Exception failure);

    [LoggerMessage(14, LogLevel.Error, "A subscriber to cache events failed.")]
    public static partial void SubscriberFailed(ILogger logger, Exception failure);

    [LoggerMessage(17, LogLevel.Information, "Warmed up: {HotKeys} hot keys from L2, {Entries} entries from sources, {Failed} sources failed.")]
    public static partial void Warmed(ILogger logger, int hotKeys, int entries, int failed);

    [LoggerMessage(18, LogLevel.Warning, "The warm-up source {Source} failed; it is tried again at its next time.")]
    public static partial void WarmupFailed(ILogger logger, string source, Exception failure);
}
