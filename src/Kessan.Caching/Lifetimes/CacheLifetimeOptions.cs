using Kessan.Caching.Keys;

namespace Kessan.Caching.Lifetimes;

/// <summary>The lifetimes of all data types. Read once, at start.</summary>
public sealed class CacheLifetimeOptions
{
    /// <summary>Where the options stand in the configuration.</summary>
    public const string SectionName = "Kessan:Cache:Lifetimes";

    /// <summary>Prices. Default: fresh 300 s, stale window 1 h.</summary>
    public DataTypeLifetimeOptions StockPrice { get; set; } = Of(300, 3600);

    /// <summary>Financial statements. Default: fresh 86,400 s, stale window 24 h.</summary>
    public DataTypeLifetimeOptions FinancialData { get; set; } = Of(86_400, 86_400);

    /// <summary>News. Default: fresh 3,600 s, stale window 6 h.</summary>
    public DataTypeLifetimeOptions NewsData { get; set; } = Of(3_600, 21_600);

    /// <summary>Analyses. Default: fresh 21,600 s, stale window 24 h.</summary>
    public DataTypeLifetimeOptions AiAnalysis { get; set; } = Of(21_600, 86_400);

    /// <summary>Sessions. Default: fresh 1,800 s after the last read, 12 h at most, no stale window.</summary>
    public DataTypeLifetimeOptions UserSession { get; set; } = new() { Fresh = TimeSpan.FromSeconds(1_800), SlideLimit = TimeSpan.FromHours(12) };

    /// <summary>Quotas, the daily window: the windows <c>hourly</c> and <c>minute</c> are as long as their names say. Default: fresh 86,400 s.</summary>
    public DataTypeLifetimeOptions ApiQuota { get; set; } = Of(86_400, 0);

    /// <summary>Market indices. Default: fresh 300 s, stale window 1 h.</summary>
    public DataTypeLifetimeOptions MarketData { get; set; } = Of(300, 3600);

    /// <summary>Search results. Default: fresh 300 s, no stale window.</summary>
    public DataTypeLifetimeOptions StockSearch { get; set; } = Of(300, 0);

    /// <summary>Entries of no data type, when a call names none either. Default: fresh 300 s, no stale window.</summary>
    public DataTypeLifetimeOptions Other { get; set; } = Of(300, 0);

    internal IEnumerable<(CacheDataType Type, DataTypeLifetimeOptions Options)> All()
    {
        yield return (CacheDataType.Other, Other);
        yield return (CacheDataType.StockPrice, StockPrice);
        yield return (CacheDataType.FinancialData, FinancialData);
        yield return (CacheDataType.NewsData, NewsData);
        yield return (CacheDataType.AiAnalysis, AiAnalysis);
        yield return (CacheDataType.UserSession, UserSession);
        yield return (CacheDataType.ApiQuota, ApiQuota);
        yield return (CacheDataType.MarketData, MarketData);
        yield return (CacheDataType.StockSearch, StockSearch);
    }

    private static DataTypeLifetimeOptions Of(double fresh, double stale)
        => new() { Fresh = TimeSpan.FromSeconds(fresh), StaleWindow = TimeSpan.FromSeconds(stale) };
}
