using Kessan.Caching.Calendar;
using Kessan.MarketApi.Financials;
using Kessan.MarketApi.Markets;
using Kessan.MarketApi.News;
using Kessan.MarketApi.News.Feeds;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Csv;

internal static class CsvRegistration
{
    /// <summary>Adds daily bars in files under a name; such a directory has no indices and no statements.</summary>
    public static IServiceCollection AddCsvMarket(this IServiceCollection services, string name)
    {
        services.AddOptionsWithValidateOnStart<CsvOptions>().BindConfiguration(CsvOptions.Section);
        services.AddSingleton<IValidateOptions<CsvOptions>, CsvOptionsValidator>();
        services.AddSingleton<CsvDirectory>();
        services.AddKeyedSingleton<IStockDirectory, CsvStockDirectory>(name);
        services.AddKeyedSingleton<IPriceSource, CsvPriceSource>(name);
        services.AddKeyedSingleton<IIndexSource, NoIndexSource>(name);
        services.AddKeyedSingleton<IFinancialSource, NoFinancialSource>(name);
        services.AddKeyedSingleton<IEarningsCalendar, NoEarningsCalendar>(name);
        services.AddKeyedSingleton<INewsSource>(name, static (provider, _) => provider.GetRequiredService<FeedNewsSource>());
        return services;
    }
}
