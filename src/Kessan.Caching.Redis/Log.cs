using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Redis;

/// <summary>What is logged here: ids 2000 to 2099. No keys, no secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Redis is connected: {Addresses}.")]
    public static partial void Connected(ILogger logger, string addresses);

    [LoggerMessage(2001, LogLevel.Warning, "Redis cannot be connected to yet ({Failure}); going on without it and trying again.")]
    public static partial void CannotConnect(ILogger logger, string failure);

    [LoggerMessage(2002, LogLevel.Warning, "Redis is away; going on without it.")]
    public static partial void Away(ILogger logger);

    [LoggerMessage(2003, LogLevel.Information, "Redis is back after {Seconds:F1} s.")]
    public static partial void Back(ILogger logger, double seconds);

    [LoggerMessage(2004, LogLevel.Warning, "The Redis server is another one than before, or was restarted: the last writes may be lost.")]
    public static partial void ServerChanged(ILogger logger);

    [LoggerMessage(2005, LogLevel.Error,
        "The Redis user may not publish to the channel {Channel}: nothing can be written. Grant it with ACL SETUSER <user> &{Channel} +publish.")]
    public static partial void MayNotPublish(ILogger logger, string channel);

    [LoggerMessage(2006, LogLevel.Warning, "A subscription in Redis failed ({Failure}); trying again.")]
    public static partial void CannotSubscribe(ILogger logger, string failure);

    [LoggerMessage(2007, LogLevel.Warning,
        "Keyspace notifications are asked for, but the server does not send them: set notify-keyspace-events to at least Kg$.")]
    public static partial void NoKeyspaceNotifications(ILogger logger);

    [LoggerMessage(2008, LogLevel.Error, "A subscriber of the store failed.")]
    public static partial void SubscriberFailed(ILogger logger, Exception failure);

    [LoggerMessage(2009, LogLevel.Debug, "Redis did not carry out '{Operation}'.")]
    public static partial void OperationFailed(ILogger logger, string operation, Exception failure);

    [LoggerMessage(2010, LogLevel.Warning, "The heartbeat of the store failed; trying again.")]
    public static partial void HeartbeatFailed(ILogger logger, Exception failure);
}
