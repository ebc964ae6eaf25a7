namespace Kessan.Caching.Keys;

/// <summary>The key version of each data type; raising one makes all older entries of the type unreachable, for when their shape changes.</summary>
/// <remarks>Configured as <c>Kessan:Cache:KeyVersions:StockPrice</c> and so on. All programs that share a store must agree.</remarks>
public sealed class CacheKeyOptions
{
    /// <summary>Where the options stand in the configuration.</summary>
    public const string SectionName = "Kessan:Cache:KeyVersions";

    /// <summary>The key version of stock prices.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int StockPrice { get; set; }

    /// <summary>The key version of financial data.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int FinancialData { get; set; }

    /// <summary>The key version of news.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int NewsData { get; set; }

    /// <summary>The key version of analyses.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int AiAnalysis { get; set; }

    /// <summary>The key version of sessions.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int UserSession { get; set; }

    /// <summary>The key version of quotas.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int ApiQuota { get; set; }

    /// <summary>The key version of market data.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int MarketData { get; set; }

    /// <summary>The key version of stock searches.</summary>
    /// <value>0 to 999,999; 0: keys have no version. Default: 0.</value>
    public int StockSearch { get; set; }

    internal Dictionary<CacheDataType, int> ToVersions() => new()
    {
        [CacheDataType.StockPrice] = StockPrice,
        [CacheDataType.FinancialData] = FinancialData,
        [CacheDataType.NewsData] = NewsData,
        [CacheDataType.AiAnalysis] = AiAnalysis,
        [CacheDataType.UserSession] = UserSession,
        [CacheDataType.ApiQuota] = ApiQuota,
        [CacheDataType.MarketData] = MarketData,
        [CacheDataType.StockSearch] = StockSearch,
    };
}
