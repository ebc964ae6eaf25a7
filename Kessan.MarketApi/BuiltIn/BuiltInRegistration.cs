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
        services.TryAddSingleton<IPriceSource, BuiltInPriceSource>();
        services.TryAddSingleton<IStockDirectory, BuiltInStockDirectory>();
        return services;
    }
}
