using System.Security.Cryptography;
using System.Text;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Tests.Keys;

public sealed class CacheKeyBuilderTests
{
    private static readonly CacheKeyBuilder Keys = CacheKeyBuilder.Default;

    [Fact]
    public void EveryForm_ByName_IsTheDocumentedKey()
    {
        Assert.Equal("stock_price:7203:latest", Keys.StockPrice("7203"));
        Assert.Equal("stock_price:7203:2024-01-15", Keys.StockPrice("7203", new DateOnly(2024, 1, 15)));
        Assert.Equal("financial_data:7203:quarterly:Q3", Keys.FinancialData("7203", "quarterly", "Q3"));
        Assert.Equal("news_data:7203:earnings", Keys.NewsData("7203", "earnings"));
        Assert.Equal("ai_analysis:7203:short_term", Keys.AiAnalysis("7203", "short_term"));
        Assert.Equal("user_session:user123", Keys.UserSession("user123"));
        Assert.Equal("api_quota:user123:daily", Keys.ApiQuota("user123", "daily"));
        Assert.Equal("market_data:nikkei225", Keys.MarketData("nikkei225"));
    }

    [Fact]
    public void StockSearch_AnyQuery_IsItsHashInEveryProcess()
    {
        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("トヨタ 自動車")));

        Assert.Equal("stock_search:" + expected, Keys.StockSearch("トヨタ 自動車"));
        Assert.Equal("stock_search:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Keys.StockSearch(""));
        Assert.Equal(77, Keys.StockSearch(new string('x', 100_000)).Length);
    }

    [Theory]
    [InlineData("7203.T", "7203.T")]
    [InlineData("a~b@c-d_e.", "a~b@c-d_e.")]
    [InlineData("a:b", "a%3Ab")]
    [InlineData("*", "%2A")]
    [InlineData("{7203}", "%7B7203%7D")]
    [InlineData("50%", "50%25")]
    [InlineData("a b\r\n\0", "a%20b%0D%0A%00")]
    [InlineData("東証", "%E6%9D%B1%E8%A8%BC")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void UserSession_AnyCharacters_ArePercentEncoded(string user, string part)
    {
        Assert.Equal("user_session:" + part, Keys.UserSession(user));
    }

    [Fact]
    public void Build_WithAVersion_EndsWithIt()
    {
        var keys = new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [CacheDataType.AiAnalysis] = 3 });

        Assert.Equal("ai_analysis:7203:short_term:v3", keys.AiAnalysis("7203", "short_term"));
        Assert.Equal("stock_price:7203:latest", keys.StockPrice("7203"));
    }

    [Fact]
    public void Build_APartLikeAVersion_IsNotTakenForOne()
    {
        var second = new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [CacheDataType.NewsData] = 2 });

        Assert.Equal("news_data:7203:%762", Keys.NewsData("7203", "v2"));
        Assert.NotEqual(second.Build(CacheDataType.NewsData, "7203", "all"), Keys.Build(CacheDataType.NewsData, "7203", "all", "v2"));
        Assert.Equal("user_session:v2", Keys.UserSession("v2"));
    }

    [Fact]
    public void Build_PartsOfTheLongestLength_StopAt512()
    {
        var longest = new string('x', CacheKeyBuilder.MaximumLength - "user_session:".Length);

        Assert.Equal(512, Keys.UserSession(longest).Length);
        var tooLong = Assert.Throws<ArgumentException>(() => Keys.UserSession(longest + "x"));
        Assert.Contains("512", tooLong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", tooLong.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Keys.UserSession(new string('東', 60)));
    }

    [Fact]
    public void Build_AVersionThatDoesNotFit_Throws()
    {
        var keys = new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [CacheDataType.UserSession] = 1 });

        Assert.Throws<ArgumentException>(() => keys.UserSession(new string('x', CacheKeyBuilder.MaximumLength - "user_session:".Length)));
    }

    [Fact]
    public void Build_WrongInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => Keys.UserSession(""));
        Assert.Throws<ArgumentNullException>(() => Keys.UserSession(null!));
        Assert.Throws<ArgumentException>(() => Keys.NewsData("7203", ""));
        Assert.Throws<ArgumentException>(() => Keys.UserSession("half \ud83d"));
        Assert.ThrowsAny<ArgumentException>(() => Keys.StockSearch("half \ud83d"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keys.Build(CacheDataType.Other, "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keys.Build((CacheDataType)99, "x"));
        Assert.Throws<ArgumentException>(() => new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [CacheDataType.StockPrice] = -1 }));
        Assert.Throws<ArgumentException>(() => new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [CacheDataType.Other] = 1 }));
    }
}
