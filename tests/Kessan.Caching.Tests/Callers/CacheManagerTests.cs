using Kessan.Caching.Statistics;
using Kessan.Caching.Tests.Engine;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Callers;

public sealed class CacheManagerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachEntity_SetAndGet_HasTheDocumentedKey()
    {
        await using var fleet = new SimulatedFleet(1);
        var manager = Manager(fleet[0]);
        var (day, value) = (new DateOnly(2024, 1, 15), new Quote("7203", 2520));

        Assert.True(await manager.SetStockPriceAsync("7203", value, Stop));
        Assert.True(await manager.SetStockPriceAsync("7203", day, value with { Price = 1 }, Stop));
        Assert.True(await manager.SetFinancialDataAsync("7203", "quarterly", "Q3", value with { Price = 2 }, Stop));
        Assert.True(await manager.SetNewsAsync("7203", "earnings", value with { Price = 3 }, Stop));
        Assert.True(await manager.SetAnalysisAsync("7203", "short_term", value with { Price = 4 }, Stop));
        Assert.True(await manager.SetMarketDataAsync("nikkei225", value with { Price = 5 }, Stop));

        Assert.Equal(2520, (await manager.GetStockPriceAsync<Quote>("7203", Stop))!.Price);
        Assert.Equal(1, (await manager.GetStockPriceAsync<Quote>("7203", day, Stop))!.Price);
        Assert.Equal(2, (await manager.GetFinancialDataAsync<Quote>("7203", "quarterly", "Q3", Stop))!.Price);
        Assert.Equal(3, (await manager.GetNewsAsync<Quote>("7203", "earnings", Stop))!.Price);
        Assert.Equal(4, (await manager.GetAnalysisAsync<Quote>("7203", "short_term", Stop))!.Price);
        Assert.Equal(5, (await manager.GetMarketDataAsync<Quote>("nikkei225", Stop))!.Price);
        string[] keys = ["stock_price:7203:latest", "stock_price:7203:2024-01-15", "financial_data:7203:quarterly:Q3", "news_data:7203:earnings", "ai_analysis:7203:short_term", "market_data:nikkei225"];
        foreach (var key in keys) Assert.True((await fleet[0].Cache.TryGetAsync<Quote>(key, Stop)).Found, key);
    }

    [Fact]
    public async Task Get_NothingThere_IsNull()
    {
        await using var fleet = new SimulatedFleet(1);

        Assert.Null(await Manager(fleet[0]).GetStockPriceAsync<Quote>("7203", Stop));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await Manager(fleet[0]).SetStockPriceAsync<Quote>("7203", null!, Stop));
    }

    [Fact]
    public async Task Prices_OfManyStocks_ComeAndGoTogether()
    {
        await using var fleet = new SimulatedFleet(2);

        var stored = await Manager(fleet[0]).SetStockPricesAsync(
            new Dictionary<string, Quote> { ["7203"] = new("7203", 1), ["6758"] = new("6758", 2) }, Stop);
        var prices = await Manager(fleet[1]).GetStockPricesAsync<Quote>(["7203", "6758", "9984", "7203"], Stop);

        Assert.Equal(2, stored);
        Assert.Equal(["6758", "7203"], prices.Keys.Order());
        Assert.Equal(2, prices["6758"].Price);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InvalidateStock_EntriesOfAllKindsAndByRawKey_CountsAndRemovesThem(bool withStore)
    {
        await using var fleet = new SimulatedFleet(1);
        await using var alone = new ServiceCollection().Also(services => services.AddKessanCaching()).BuildServiceProvider();
        IServiceProvider services = withStore ? fleet[0].Services : alone;
        var (manager, cache) = (services.GetRequiredService<CacheManager>(), services.GetRequiredService<KessanHybridCache>());
        await manager.SetStockPriceAsync("7203", new Quote("7203", 1), Stop);
        await manager.SetNewsAsync("7203", "earnings", new Quote("7203", 1), Stop);
        await cache.SetAsync("ai_analysis:7203", 3, cancellationToken: Stop);
        await manager.SetStockPriceAsync("6758", new Quote("6758", 1), Stop);

        Assert.Equal(3, await manager.InvalidateStockAsync("7203", Stop));

        Assert.Null(await manager.GetStockPriceAsync<Quote>("7203", Stop));
        Assert.False((await cache.TryGetAsync<int>("ai_analysis:7203", Stop)).Found);
        Assert.NotNull(await manager.GetStockPriceAsync<Quote>("6758", Stop));
    }

    [Fact]
    public async Task TheStoreAway_Write_SaysFalseAndIsStillRead()
    {
        await using var fleet = new SimulatedFleet(1);
        var manager = Manager(fleet[0]);
        fleet[0].Store.IsAway = true;

        Assert.False(await manager.SetStockPriceAsync("7203", new Quote("7203", 1), Stop));

        Assert.NotNull(await manager.GetStockPriceAsync<Quote>("7203", Stop));
        Assert.Null(await manager.InvalidateStockAsync("7203", Stop));
        Assert.Null(await manager.GetStockPriceAsync<Quote>("7203", Stop));
    }

    [Fact]
    public async Task Health_TheStoreComesAndGoes_SaysSo()
    {
        await using var fleet = new SimulatedFleet(1);
        var manager = Manager(fleet[0]);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        await manager.SetStockPriceAsync("7203", new Quote("7203", 1), Stop);
        await manager.GetStockPriceAsync<Quote>("7203", Stop);

        var before = manager.GetHealth();
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 5; i++) await manager.SetStockPriceAsync("7203", new Quote("7203", i), Stop);
        var during = manager.GetHealth();

        Assert.Equal((CacheHealthStatus.Healthy, "memory", true, true, 1), (before.Status, before.Store, before.IsConnected, before.IsCoherent, before.Entries));
        Assert.Equal(100, before.HitRatePercent);
        Assert.True(before.SizeBytes > 0);
        Assert.Equal((CacheHealthStatus.Degraded, false), (during.Status, during.IsConnected));
    }

    private static CacheManager Manager(SimulatedNode node) => node.Services.GetRequiredService<CacheManager>();
}
