namespace Kessan.MarketApi;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "No commentary on an analysis; the computed part is given alone")]
    public static partial void CommentaryFailed(this ILogger logger, Exception failure);
}
