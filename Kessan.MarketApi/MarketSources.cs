using Kessan.Caching.Calendar;
using Kessan.MarketApi.BuiltIn;
using Kessan.MarketApi.Csv;
using Kessan.MarketApi.Financials;
using Kessan.MarketApi.JQuants;
using Kessan.MarketApi.Markets;
using Kessan.MarketApi.News;
using Kessan.MarketApi.News.Feeds;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi;

/// <summary>
/// All sources are registered under their names; which of them the interfaces mean is decided by <see cref="MarketOptions.Source"/>
/// when the first one is needed, and checked at start.
/// </summary>
internal static class MarketSources
{
    public static IServiceCollection AddMarketSources(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<MarketOptions, MarketOptionsValidator>().BindConfiguration(MarketOptions.Section);
        services.AddNewsFeeds();
        services.AddBuiltInMarket(MarketOptions.BuiltIn);
        services.AddCsvMarket(MarketOptions.Csv);
        services.AddJQuantsMarket(MarketOptions.JQuants);
        services.AddChosen<IStockDirectory>();
        services.AddChosen<IPriceSource>();
        services.AddChosen<IIndexSource>();
        services.AddChosen<IFinancialSource>();
        services.AddChosen<INewsSource>();
        services.AddChosen<IEarningsCalendar>();
        services.AddCached<IFinancials, SourceFinancials>();
        services.AddCached<INews, SourceNews>();
        return services;
    }

    private static void AddChosen<TSource>(this IServiceCollection services)
        where TSource : class =>
        services.TryAddSingleton(static provider =>
            provider.GetRequiredKeyedService<TSource>(provider.GetRequiredService<IOptions<MarketOptions>>().Value.Source));
}
