using System.Net;
using Kessan.Caching.Calendar;
using Kessan.MarketApi.Financials;
using Kessan.MarketApi.Markets;
using Kessan.MarketApi.News;
using Kessan.MarketApi.News.Feeds;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

internal static class JQuantsRegistration
{
    private const int MaximumAnswerBytes = 64 << 20;

    /// <summary>Adds J-Quants under a name.</summary>
    public static IServiceCollection AddJQuantsMarket(this IServiceCollection services, string name)
    {
        services.AddOptionsWithValidateOnStart<JQuantsOptions, JQuantsRangesValidator>().BindConfiguration(JQuantsOptions.Section);
        services.AddSingleton<IValidateOptions<JQuantsOptions>, JQuantsOptionsValidator>();
        services.AddHttpClient(JQuantsClient.ClientName, static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // the client has its own
                client.MaxResponseContentBufferSize = MaximumAnswerBytes;
            })
            // No second attempts: each would cost a request of the budget, and the cache bears a failure.
            .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => handlers.Clear())
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                AllowAutoRedirect = false, // the key goes nowhere else
                UseCookies = false,
            });
        services.AddSingleton<RequestBudget>();
        services.AddSingleton<JQuantsClient>();
        services.AddSingleton<DaySheets>();
        services.AddCached<IStatementSheets, JQuantsStatementSheets>();
        services.AddKeyedSingleton<IStockDirectory, JQuantsStockDirectory>(name);
        services.AddKeyedSingleton<IPriceSource, JQuantsPriceSource>(name);
        services.AddKeyedSingleton<IIndexSource, JQuantsIndexSource>(name);
        services.AddKeyedSingleton<IFinancialSource, JQuantsFinancialSource>(name);
        services.AddSingleton<Announcements>();
        services.AddKeyedSingleton<IEarningsCalendar>(name, static (provider, _) => provider.GetRequiredService<Announcements>());
        services.AddHostedService<AnnouncementRefresher>();
        services.AddKeyedSingleton<INewsSource>(name, static (provider, _) => provider.GetRequiredService<FeedNewsSource>());
        return services;
    }
}
