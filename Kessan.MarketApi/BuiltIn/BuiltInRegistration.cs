using Kessan.MarketApi.Financials;
using Kessan.MarketApi.Markets;
using Kessan.MarketApi.News;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kessan.MarketApi.BuiltIn;

internal static class BuiltInRegistration
{
    /// <summary>Takes market data from the built-in data set.</summary>
    public static IServiceCollection AddBuiltInMarket(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<BuiltInOptions, BuiltInOptionsValidator>().BindConfiguration(BuiltInOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SyntheticMarket>();
        services.TryAddSingleton<SourceWeather>();
        services.TryAddSingleton<IStockDirectory, BuiltInStockDirectory>();
        services.TryAddSingleton<IPriceSource, BuiltInPriceSource>();
        services.TryAddSingleton<IIndexSource, BuiltInIndexSource>();
        services.TryAddSingleton<IFinancialSource, BuiltInFinancialSource>();
        services.TryAddSingleton<INewsSource, BuiltInNewsSource>();
        return services;
    }
}
