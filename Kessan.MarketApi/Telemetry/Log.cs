namespace Kessan.MarketApi.Telemetry;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "No commentary on an analysis ({Reason}); the computed part is given alone")]
    public static partial void CommentaryFailed(this ILogger logger, string reason);

    // What an endpoint answers may repeat the key that it refuses.
    [LoggerMessage(5007, LogLevel.Debug, "How the commentary failed")]
    public static partial void CommentaryFailure(this ILogger logger, Exception failure);

    [LoggerMessage(5002, LogLevel.Warning, "A news feed could not be read; the others are given without it")]
    public static partial void FeedFailed(this ILogger logger, Exception failure);

    [LoggerMessage(5003, LogLevel.Error, "{File} is left out: it has no columns for date and prices, or nothing says which stock it is about")]
    public static partial void CsvFileUnusable(this ILogger logger, string file);

    [LoggerMessage(5004, LogLevel.Warning, "{File}: {Rows} rows make no sense and are left out, the first in line {Line}")]
    public static partial void CsvRowsSkipped(this ILogger logger, string file, int rows, int line);

    [LoggerMessage(5005, LogLevel.Warning, "J-Quants wants fewer requests: nothing is sent for {Wait}")]
    public static partial void JQuantsBlocked(this ILogger logger, TimeSpan wait);

    [LoggerMessage(5006, LogLevel.Error, "J-Quants refused the key ({Status}): Market:JQuants:ApiKey is wrong, or its subscription has ended")]
    public static partial void JQuantsKeyRefused(this ILogger logger, int status);

    [LoggerMessage(5008, LogLevel.Warning, "J-Quants does not say who announces results ({Reason}): statements keep their usual lifetime until it does")]
    public static partial void AnnouncementsUnknown(this ILogger logger, string reason);
}
