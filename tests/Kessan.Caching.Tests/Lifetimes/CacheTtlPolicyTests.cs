using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Microsoft.Extensions.Options;

namespace Kessan.Caching.Tests.Lifetimes;

public sealed class CacheTtlPolicyTests
{
    private readonly CacheTtlPolicy _policy = new();

    [Theory]
    [InlineData(CacheDataType.StockPrice, 300, 3600)]
    [InlineData(CacheDataType.FinancialData, 86_400, 86_400)]
    [InlineData(CacheDataType.NewsData, 3_600, 21_600)]
    [InlineData(CacheDataType.AiAnalysis, 21_600, 86_400)]
    [InlineData(CacheDataType.UserSession, 1_800, 0)]
    [InlineData(CacheDataType.ApiQuota, 86_400, 0)]
    [InlineData(CacheDataType.MarketData, 300, 3600)]
    [InlineData(CacheDataType.StockSearch, 300, 0)]
    [InlineData(CacheDataType.Other, 300, 0)]
    public void For_EachType_IsTheDocumentedTable(CacheDataType type, int fresh, int stale)
    {
        var lifetime = _policy.For(type);

        Assert.Equal(TimeSpan.FromSeconds(fresh), lifetime.Fresh);
        Assert.Equal(TimeSpan.FromSeconds(stale), lifetime.StaleWindow);
        Assert.Null(lifetime.Local);
        Assert.Null(lifetime.Negative);
        Assert.Equal(0, lifetime.Jitter);
        Assert.Equal(type is CacheDataType.UserSession or CacheDataType.ApiQuota, lifetime.NoLocalCache);
        Assert.Equal(type == CacheDataType.UserSession, lifetime.Sliding);
        Assert.Equal(type == CacheDataType.UserSession ? TimeSpan.FromHours(12) : null, lifetime.SlideLimit);
    }

    [Theory]
    [InlineData("stock_price:7203", 300)]
    [InlineData("user_session:u", 1_800)]
    [InlineData("api_quota:u:daily", 86_400)]
    [InlineData("api_quota:u:hourly", 3_600)]
    [InlineData("api_quota:u:minute", 60)]
    [InlineData("api_quota:u:minute:v2", 60)]
    [InlineData("api_quota:minute", 86_400)]
    public void ForKey_AKnownPrefix_IsItsLifetime(string key, int fresh)
    {
        Assert.Equal(TimeSpan.FromSeconds(fresh), _policy.ForKey(key)!.Fresh);
    }

    [Fact]
    public void ForKey_NoKnownPrefix_IsNull()
    {
        Assert.Null(_policy.ForKey("my_key"));
        Assert.Null(_policy.ForKey("expensive_operation:key"));
    }

    [Fact]
    public void ForKey_WithoutTheCalendar_AllocatesNothing()
    {
        _ = _policy.ForKey("stock_price:7203");
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++) _ = _policy.ForKey("stock_price:7203");

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Constructor_WrongOptions_SaysWhere()
    {
        var options = new CacheLifetimeOptions();
        options.NewsData.Jitter = 1.5;

        var exception = Assert.Throws<OptionsValidationException>(() => new CacheTtlPolicy(options));

        Assert.Contains("Kessan:Cache:Lifetimes:NewsData:Jitter", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_NoSuchType_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _policy.For((CacheDataType)99));
    }

    [Theory]
    [InlineData(0.0, 300)]
    [InlineData(0.5, 285)]
    [InlineData(1.0, 270)]
    public void FreshWithJitter_AnySample_OnlyShortens(double sample, int seconds)
    {
        var lifetime = new CacheLifetime { Fresh = TimeSpan.FromSeconds(300), Jitter = 0.1 };

        Assert.Equal(TimeSpan.FromSeconds(seconds), lifetime.FreshWithJitter(sample));
    }

    [Fact]
    public void FreshWithJitter_AllOfIt_IsNeverZero()
    {
        Assert.True(new CacheLifetime { Fresh = TimeSpan.FromSeconds(1), Jitter = 1 }.FreshWithJitter(1) > TimeSpan.Zero);
    }
}
