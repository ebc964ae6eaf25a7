namespace Kessan.CacheHost.Statistics;

internal static class StatisticsRegistration
{
    public static void AddStatistics(this IServiceCollection services) => services.AddSingleton<KeyCounter>();
}
