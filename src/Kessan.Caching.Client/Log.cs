using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Client;

/// <summary>What the client writes to the log. Ids are stable; keys stand in none of it.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The cache service's event stream is lost; L1 is not trusted until it is back.")]
    public static partial void EventsLost(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "The cache service's event stream is back.")]
    public static partial void EventsFound(ILogger logger);
}
