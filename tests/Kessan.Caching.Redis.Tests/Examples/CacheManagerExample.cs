namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>The cache by business entity.</summary>
public sealed class CacheManagerExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task Entities_ArePutGotAndInvalidatedByName()
    {
        await Manager.SetStockPriceAsync("7203", new DailyBar(2500, 2550, 2480, 2520, 1_000_000), Stop);
        await Manager.SetFinancialDataAsync("7203", "quarterly", "Q3", new Figures(30_000_000_000, 2_500_000_000, 2_000_000_000), Stop);

        var price = await Manager.GetStockPriceAsync<DailyBar>("7203", Stop);
        var figures = await Manager.GetFinancialDataAsync<Figures>("7203", "quarterly", "Q3", Stop);
        var removed = await Manager.InvalidateStockAsync("7203", Stop);

        Assert.Equal(2520, price!.Close);
        Assert.Equal(2_000_000_000, figures!.NetIncome);
        Assert.Equal(2, removed);
        Assert.Null(await Manager.GetStockPriceAsync<DailyBar>("7203", Stop));
        Assert.False(await Redis.ExistsAsync("stock_price:7203:latest", Stop));
    }
}
