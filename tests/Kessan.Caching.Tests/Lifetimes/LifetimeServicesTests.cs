using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Lifetimes;

public sealed class LifetimeServicesTests
{
    [Fact]
    public void AddKessanLifetimes_WithoutConfiguration_IsTheDocumentedTable()
    {
        using var provider = new ServiceCollection().AddKessanLifetimes().AddKessanLifetimes().BuildServiceProvider();

        Assert.Equal(TimeSpan.FromMinutes(5), provider.GetRequiredService<CacheTtlPolicy>().For(CacheDataType.StockPrice).Fresh);
        Assert.Equal("stock_price:7203:latest", provider.GetRequiredService<CacheKeyBuilder>().StockPrice("7203"));
        Assert.Single(provider.GetServices<IValidateOptions<CacheLifetimeOptions>>());
    }

    [Fact]
    public void AddKessanLifetimes_EverythingConfigured_IsFollowed()
    {
        using var host = Host(
            ("Kessan:Cache:Lifetimes:StockPrice:Fresh", "00:01:00"),
            ("Kessan:Cache:Lifetimes:StockPrice:Local", "00:00:10"),
            ("Kessan:Cache:Lifetimes:StockPrice:StaleWindow", "00:30:00"),
            ("Kessan:Cache:Lifetimes:StockPrice:Negative", "00:00:05"),
            ("Kessan:Cache:Lifetimes:StockPrice:Jitter", "0.2"),
            ("Kessan:Cache:Lifetimes:UserSession:SlideLimit", "08:00:00"),
            ("Kessan:Cache:KeyVersions:AiAnalysis", "4"));
        var policy = host.Services.GetRequiredService<CacheTtlPolicy>();

        var expected = new CacheLifetime
        {
            Fresh = TimeSpan.FromMinutes(1),
            Local = TimeSpan.FromSeconds(10),
            StaleWindow = TimeSpan.FromMinutes(30),
            Negative = TimeSpan.FromSeconds(5),
            Jitter = 0.2,
        };

        Assert.Equal(expected, policy.For(CacheDataType.StockPrice));
        Assert.Equal(TimeSpan.FromHours(8), policy.For(CacheDataType.UserSession).SlideLimit);
        Assert.Equal(TimeSpan.FromDays(1), policy.For(CacheDataType.FinancialData).Fresh);
        Assert.Equal("ai_analysis:7203:x:v4", host.Services.GetRequiredService<CacheKeyBuilder>().AiAnalysis("7203", "x"));
    }

    [Theory]
    [InlineData("Kessan:Cache:Lifetimes:StockPrice:Fresh", "00:00:00.5", "00:00:01")]
    [InlineData("Kessan:Cache:Lifetimes:StockPrice:Fresh", "300", "\"00:05:00\"")]
    [InlineData("Kessan:Cache:Lifetimes:StockPrice:Fresh", "five minutes", "TimeSpan")]
    [InlineData("Kessan:Cache:Lifetimes:StockPrice:Local", "00:06:00", "00:05:00")]
    [InlineData("Kessan:Cache:Lifetimes:NewsData:StaleWindow", "-00:00:01", "00:00:00")]
    [InlineData("Kessan:Cache:Lifetimes:NewsData:Negative", "00:00:00", "00:00:00.001")]
    [InlineData("Kessan:Cache:Lifetimes:NewsData:Jitter", "1.01", "0 to 1")]
    [InlineData("Kessan:Cache:Lifetimes:NewsData:Jitter", "NaN", "0 to 1")]
    [InlineData("Kessan:Cache:Lifetimes:NewsData:SlideLimit", "01:00:00", "only UserSession")]
    [InlineData("Kessan:Cache:Lifetimes:UserSession:SlideLimit", "00:10:00", "00:30:00")]
    [InlineData("Kessan:Cache:Lifetimes:UserSession:StaleWindow", "00:10:00", "never served stale")]
    [InlineData("Kessan:Cache:KeyVersions:NewsData", "-1", "0 to 999999")]
    [InlineData("Kessan:Cache:MarketCalendar:SettleDelay", "01:00:00", "00:05:00")]
    [InlineData("Kessan:Cache:MarketCalendar:OfficialPricesAt", "12:00", "15:36")]
    [InlineData("Kessan:Cache:MarketCalendar:HotPriceFresh", "00:00:04", "00:00:05 to 00:01:00")]
    [InlineData("Kessan:Cache:MarketCalendar:HotPriceFresh", "00:01:01", "00:00:05 to 00:01:00")]
    [InlineData("Kessan:Cache:MarketCalendar:File", "no-such-file.json", "no-such-file.json")]
    public async Task Start_AWrongValue_StopsWithItsPath(string path, string value, string says)
    {
        using var host = Host((path, value), ("Kessan:Cache:MarketCalendar:Enabled", "true"));

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kessan:Cache:Lifetimes:StokPrice:Fresh", "Kessan:Cache:Lifetimes", "StokPrice")]
    [InlineData("Kessan:Cache:Lifetimes:StockPrice:Frsh", "Kessan:Cache:Lifetimes", "Frsh")]
    [InlineData("Kessan:Cache:KeyVersions:Nws", "Kessan:Cache:KeyVersions", "Nws")]
    [InlineData("Kessan:Cache:MarketCalendar:Enbled", "Kessan:Cache:MarketCalendar", "Enbled")]
    public async Task Start_AMisspeltName_StopsWithItsSection(string path, string section, string says)
    {
        using var host = Host((path, "00:01:00"));

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(section, exception.Message, StringComparison.Ordinal);
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddKessanLifetimes_CalendarOn_FollowsTheMarket()
    {
        var saturdayNoon = new FakeTimeProvider(new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.FromHours(9)));
        using var host = Host(saturdayNoon, ("Kessan:Cache:MarketCalendar:Enabled", "true"));

        // Monday 12 January 2026 is Coming of Age Day.
        Assert.Equal(new TimeSpan(2, 21, 0, 0), host.Services.GetRequiredService<CacheTtlPolicy>().For(CacheDataType.StockPrice).Fresh);
    }

    private static IHost Host(params (string Path, string Value)[] settings) => Host(TimeProvider.System, settings);

    private static IHost Host(TimeProvider timeProvider, params (string Path, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        foreach (var (path, value) in settings) builder.Configuration[path] = value;
        builder.Services.AddSingleton(timeProvider);
        builder.Services.AddKessanLifetimes();
        return builder.Build();
    }
}
