using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kessan.AppHost;

/// <summary>The line on the console that says where the system is, and a first request: as Standalone prints them.</summary>
internal static partial class ReadyLine
{
    /// <summary>Prints it once the market API, which waits for all others, is healthy.</summary>
    public static IResourceBuilder<ProjectResource> WithReadyLine(
        this IResourceBuilder<ProjectResource> marketApi, IResourceBuilder<ProjectResource> cacheService) =>
        marketApi.OnResourceReady((_, ready, _) =>
        {
            var logger = ready.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Kessan.AppHost");
            LogReady(logger, marketApi.GetEndpoint("http").Url, cacheService.GetEndpoint("http").Url);
            return Task.CompletedTask;
        });

    [LoggerMessage(2, LogLevel.Information, """
        Kessan is ready: market API {MarketApi}, cache service {CacheService}.
        Try it twice: curl -i {MarketApi}/stocks/7203/price
        """)]
    private static partial void LogReady(ILogger logger, string marketApi, string cacheService);
}
