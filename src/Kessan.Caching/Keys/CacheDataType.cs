namespace Kessan.Caching.Keys;

/// <summary>What an entry is about; it decides how long the entry lives and stands as the first part of its key.</summary>
public enum CacheDataType
{
    /// <summary>A key that no data type of ours begins: <c>my_key</c>, or a key of another program.</summary>
    Other = 0,

    /// <summary>The price of a stock, latest or of one day: <c>stock_price:7203:latest</c>.</summary>
    StockPrice = 1,

    /// <summary>Financial statements: <c>financial_data:7203:quarterly:Q3</c>.</summary>
    FinancialData = 2,

    /// <summary>News about a stock: <c>news_data:7203:earnings</c>.</summary>
    NewsData = 3,

    /// <summary>An analysis that is expensive to make: <c>ai_analysis:7203:short_term</c>.</summary>
    AiAnalysis = 4,

    /// <summary>A user's session; slides when it is read and is never kept in L1: <c>user_session:user123</c>.</summary>
    UserSession = 5,

    /// <summary>A count of a user's calls in a window; never kept in L1: <c>api_quota:user123:daily</c>.</summary>
    ApiQuota = 6,

    /// <summary>A market index: <c>market_data:nikkei225</c>.</summary>
    MarketData = 7,

    /// <summary>The result of a stock search: <c>stock_search:{hash of the query}</c>.</summary>
    StockSearch = 8,
}
