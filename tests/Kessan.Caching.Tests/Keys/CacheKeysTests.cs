using Kessan.Caching.Keys;

namespace Kessan.Caching.Tests.Keys;

public sealed class CacheKeysTests
{
    [Theory]
    [InlineData("stock_price:7203:latest", CacheDataType.StockPrice)]
    [InlineData("financial_data:7203:quarterly:Q3", CacheDataType.FinancialData)]
    [InlineData("news_data:7203:earnings", CacheDataType.NewsData)]
    [InlineData("ai_analysis:7203:short_term", CacheDataType.AiAnalysis)]
    [InlineData("user_session:user123", CacheDataType.UserSession)]
    [InlineData("api_quota:user123:daily", CacheDataType.ApiQuota)]
    [InlineData("market_data:nikkei225", CacheDataType.MarketData)]
    [InlineData("stock_search:abc", CacheDataType.StockSearch)]
    [InlineData("user_session:", CacheDataType.UserSession)]
    [InlineData("my_key", CacheDataType.Other)]
    [InlineData("stock_price", CacheDataType.Other)]
    [InlineData("Stock_Price:7203", CacheDataType.Other)]
    [InlineData(" stock_price:7203", CacheDataType.Other)]
    [InlineData("other:x", CacheDataType.Other)]
    [InlineData(":", CacheDataType.Other)]
    [InlineData("", CacheDataType.Other)]
    public void DataTypeOf_AnyKey_IsWhatThePrefixSays(string key, CacheDataType expected)
    {
        Assert.Equal(expected, CacheKeys.DataTypeOf(key));
    }

    [Theory]
    [InlineData("stock_price:7203:latest", "stock:7203")]
    [InlineData("stock_price:7203", "stock:7203")]
    [InlineData("financial_data:7203:quarterly:Q3", "stock:7203")]
    [InlineData("news_data:130A:all", "stock:130A")]
    [InlineData("ai_analysis:7203.T:short_term:v3", "stock:7203.T")]
    [InlineData("stock_price:%e6%9d%b1", "stock:%E6%9D%B1")]
    [InlineData("stock_price:東", "stock:%E6%9D%B1")]
    [InlineData("stock_price:50%", "stock:50%25")]
    [InlineData("stock_price:", null)]
    [InlineData("stock_price::latest", null)]
    [InlineData("market_data:nikkei225", null)]
    [InlineData("user_session:7203", null)]
    [InlineData("stock_search:7203", null)]
    [InlineData("my_key", null)]
    public void TagOf_AnyKey_IsTheStocksTag(string key, string? expected)
    {
        Assert.Equal(expected, CacheKeys.TagOf(key));
    }

    [Fact]
    public void TagOf_ATickerSeenBefore_IsTheSameString()
    {
        // A ticker of a test that runs beside this one may take its place, but not every time.
        Assert.Contains(Enumerable.Range(0, 100), _ =>
        {
            var first = CacheKeys.TagOf("stock_price:7203:latest");
            return ReferenceEquals(first, CacheKeys.TagOf("news_data:7203:earnings")) && ReferenceEquals(first, CacheKeys.StockTag("7203"));
        });
    }

    [Fact]
    public void Parsers_KnownKeys_AllocateNothing()
    {
        const string Key = "stock_price:7203:latest";
        _ = CacheKeys.TagOf(Key);

        // A ticker of a test that runs beside this one may take its place, but not in every round.
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                _ = CacheKeys.DataTypeOf(Key);
                _ = CacheKeys.TagOf(Key);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void StockTag_WrongInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => CacheKeys.StockTag(""));
        Assert.Throws<ArgumentException>(() => CacheKeys.StockTag("\ud83d"));
    }
}
