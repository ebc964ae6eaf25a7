namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>The cache by business entity.</summary>
public sealed class ManagerTests(RedisServers servers)
{
    private readonly string _toyota = $"7203-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PriceAndFinancials_ThenTheStockIsInvalidated()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        var manager = application.Manager;
        var price = new DayPrice(2500, 2550, 2480, 2520, 1_000_000);

        Assert.True(await manager.SetStockPriceAsync(_toyota, price, Token));
        Assert.True(await manager.SetFinancialDataAsync(
            _toyota, "quarterly", "Q3", new Statement(30_000_000_000, 2_500_000_000, 2_000_000_000), Token));

        Assert.Equal(price, await manager.GetStockPriceAsync<DayPrice>(_toyota, Token));
        Assert.Equal(2_000_000_000, (await manager.GetFinancialDataAsync<Statement>(_toyota, "quarterly", "Q3", Token))!.NetIncome);
        Assert.Equal(2, await manager.InvalidateStockAsync(_toyota, Token));
        Assert.Null(await manager.GetStockPriceAsync<DayPrice>(_toyota, Token));
    }

    [Fact]
    public async Task Keys_AreBuilt_NotConcatenated()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);

        Assert.Equal("stock_price:7203:2024-01-15", application.Keys.StockPrice("7203", new DateOnly(2024, 1, 15)));
        Assert.Equal("news_data:7203:a%3Ab", application.Keys.NewsData("7203", "a:b"));
    }
}
