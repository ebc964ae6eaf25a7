using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>How code that uses the cache is tested without Redis and without mocks: one line of registration.</summary>
public sealed class TestingWithoutRedisExample : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _provider;

    public TestingWithoutRedisExample()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddKessanCaching().UseInMemoryStore();
        services.AddSingleton<CountingSource>();
        services.AddSingleton<IStockSource>(provider => provider.GetRequiredService<CountingSource>());
        services.AddSingleton<StockService>();
        _provider = services.BuildServiceProvider();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task AnAnalysis_ThatIsCached_IsGivenWithoutAskingTheSource()
    {
        var cached = new Opinion("7203", "comprehensive", "cached");
        await _provider.GetRequiredService<CacheManager>().SetAnalysisAsync("7203", "comprehensive", cached, Stop);

        var analysis = await _provider.GetRequiredService<StockService>().GetAnalysisAsync("7203", Stop);

        Assert.Equal(cached, analysis);
        Assert.Equal(0, _provider.GetRequiredService<CountingSource>().Calls);
    }

    [Fact]
    public async Task AnAnalysis_ThatIsNotCachedOrTooOld_IsMade()
    {
        var service = _provider.GetRequiredService<StockService>();

        var first = await service.GetAnalysisAsync("7203", Stop);
        _time.Advance(TimeSpan.FromHours(6));
        var second = await service.GetAnalysisAsync("7203", Stop);

        Assert.Equal(("made 1", "made 2"), (first.Text, second.Text));
    }
}
