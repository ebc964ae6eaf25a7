using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>A service with the cache before its source.</summary>
public sealed class ServiceIntegrationExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task AnAnalysis_AskedForTwice_IsMadeOnce()
    {
        var service = Get<StockService>();

        var first = await service.GetAnalysisAsync("7203", Stop);
        var second = await service.GetAnalysisAsync("7203", Stop);

        Assert.Equal("made 1", first.Text);
        Assert.Equal(first, second);
        Assert.True(await Redis.ExistsAsync("ai_analysis:7203:comprehensive", Stop));
    }

    [Fact]
    public async Task ASearch_OfAnyText_IsKeptFiveMinutes()
    {
        const string Query = "トヨタ: *{}\n";
        var service = Get<StockService>();

        await service.SearchAsync(Query, Stop);
        var found = await service.SearchAsync(Query, Stop);

        Assert.Equal([Query, "7203"], found);
        Assert.Equal(1, Get<CountingSource>().Calls);
        Assert.InRange((await Redis.GetTimeToLiveAsync(Cache.Keys.StockSearch(Query), Stop))!.Value, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300));
    }

    protected override void AddServices(IServiceCollection services) => services
        .AddSingleton<CountingSource>()
        .AddSingleton<IStockSource>(provider => provider.GetRequiredService<CountingSource>())
        .AddSingleton<StockService>();
}
