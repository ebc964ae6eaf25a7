namespace Kessan.CacheHost;

/// <summary>Categories of the platform that say too much for this service.</summary>
internal static class QuietLogs
{
    public static void AddQuietLogs(this ILoggingBuilder logging)
    {
        // Its lines name the path of each request, and so keys; those belong to Debug at most.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);

        // One warning for each probe while the store is away; the engine logs when that begins and ends.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error);
    }
}
