using Kessan.Caching.Calendar;
using Kessan.MarketApi.Financials;
using Kessan.MarketApi.Markets;
using Kessan.MarketApi.News;
using Kessan.MarketApi.News.Feeds;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

internal static class BuiltInRegistration
{
    /// <summary>Adds the built-in data set under a name.</summary>
    public static IServiceCollection AddBuiltInMarket(this IServiceCollection services, string name)
    {
        services.AddOptionsWithValidateOnStart<BuiltInOptions, BuiltInOptionsValidator>().BindConfiguration(BuiltInOptions.Section);
        services.AddSingleton<SyntheticMarket>();
        services.AddSingleton<SourceWeather>();
        services.AddKeyedSingleton<IStockDirectory, BuiltInStockDirectory>(name);
        services.AddKeyedSingleton<IPriceSource, BuiltInPriceSource>(name);
        services.AddKeyedSingleton<IIndexSource, BuiltInIndexSource>(name);
        services.AddKeyedSingleton<IFinancialSource, BuiltInFinancialSource>(name);
        services.AddSingleton<SyntheticDisclosures>();
        services.AddKeyedSingleton<IEarningsCalendar>(name, static (provider, _) => provider.GetRequiredService<SyntheticDisclosures>());
        services.AddSingleton<BuiltInNewsSource>();
        services.AddKeyedSingleton<INewsSource>(name, static (provider, _) =>
            provider.GetRequiredService<IOptions<NewsOptions>>().Value.Feeds.Count > 0
                ? provider.GetRequiredService<FeedNewsSource>()
                : provider.GetRequiredService<BuiltInNewsSource>());
        return services;
    }
}
