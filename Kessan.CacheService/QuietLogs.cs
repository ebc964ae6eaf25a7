namespace Kessan.CacheHost;

/// <summary>Categories of the platform that say too much for this service.</summary>
internal static class QuietLogs
{
    public static void AddQuietLogs(this ILoggingBuilder logging)
    {
        // Its lines and its scope name the path of each request, and so keys. It makes the scope for each request unless it may log nothing:
        // the warning that --urls wins over HTTP_PORTS goes with it.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // One warning for each probe while the store is away; the engine logs when that begins and ends.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error);
    }
}
