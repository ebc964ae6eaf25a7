using System.Net;

namespace Kessan.MarketApi.News.Feeds;

internal static class FeedRegistration
{
    /// <summary>Adds the reader of the configured feeds.</summary>
    public static IServiceCollection AddNewsFeeds(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<NewsOptions, NewsOptionsValidator>().BindConfiguration(NewsOptions.Section);
        services.AddHttpClient(FeedClient.ClientName)
            // What bears a failure here is the cache: its last good answer is better than three attempts.
            .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => handlers.Clear())
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.All,
                MaxAutomaticRedirections = 3,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                UseCookies = false,
            });
        services.AddSingleton<FeedClient>();
        services.AddSingleton<FeedNewsSource>();
        return services;
    }
}
