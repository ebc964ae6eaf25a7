using Kessan.Caching.Keys;
using Kessan.Caching.Quotas;
using Kessan.Caching.Sessions;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Get or make, quotas, sessions, a service that uses the cache, a function with the cache before it, statistics.</summary>
public sealed class ServiceTests(RedisServers servers)
{
    private readonly string _unique = Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetOrSet_AnExpensiveThing_RunsItOnce()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        var runs = 0;
        ValueTask<Opinion> Compute(CancellationToken token) => ValueTask.FromResult(new Opinion($"run {++runs}"));

        var first = await application.Cache.GetOrSetAsync($"expensive_operation:{_unique}", Compute, CacheDataType.AiAnalysis, cancellationToken: Token);
        var second = await application.Cache.GetOrSetAsync($"expensive_operation:{_unique}", Compute, CacheDataType.AiAnalysis, cancellationToken: Token);

        Assert.Equal((first, 1), (second, runs));
        Assert.InRange(
            (await application.Redis.GetTimeToLiveAsync($"expensive_operation:{_unique}", Token))!.Value, TimeSpan.FromSeconds(21_590), TimeSpan.FromSeconds(21_600));
    }

    [Fact]
    public async Task Quota_IsCountedAndRead()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);

        await application.Cache.TrackQuotaAsync(_unique, QuotaWindow.Daily, cancellationToken: Token);
        var charged = await application.Cache.TrackQuotaAsync(_unique, QuotaWindow.Daily, cost: 2, cancellationToken: Token);
        var read = await application.Cache.GetQuotaAsync(_unique, QuotaWindow.Daily, cancellationToken: Token);

        Assert.Equal((3L, 3L, false), (charged.Usage, read.Usage, read.IsLocal));
    }

    [Fact]
    public async Task Session_IsKept()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        var preferences = new Preferences("dark", new DateTimeOffset(2024, 1, 15, 10, 0, 0, TimeSpan.Zero));

        Assert.Equal(SessionWriteStatus.Stored, (await application.Cache.SetSessionAsync(_unique, preferences, cancellationToken: Token)).Status);
        var session = await application.Cache.GetSessionAsync<Preferences>(_unique, Token);

        Assert.Equal((SessionStatus.Found, preferences), (session.Status, session.Value));
    }

    [Fact]
    public async Task AServiceOfTheApplication()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        var service = new StockService(application.Cache);

        var analyses = (await service.AnalyseAsync(_unique, Token), await service.AnalyseAsync(_unique, Token));
        var found = (await service.SearchAsync(_unique, Token), await service.SearchAsync(_unique, Token));

        Assert.Equal(analyses.Item1, analyses.Item2);
        Assert.Equal(found.Item1, found.Item2);
        Assert.Equal((1, 1), (service.Analyses, service.Searches));
        Assert.InRange(
            (await application.Redis.GetTimeToLiveAsync(application.Keys.StockSearch(_unique), Token))!.Value, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300));
    }

    [Fact]
    public async Task AFunctionWithTheCacheBeforeIt()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        var runs = 0;
        var analyse = application.Cache.Wrap(
            (string ticker, string kind) => application.Keys.AiAnalysis(ticker, kind),
            CacheDataType.AiAnalysis,
            (string ticker, string kind, CancellationToken _) => ValueTask.FromResult(new Opinion($"{kind} view of {ticker}, run {++runs}")));

        var first = await analyse(_unique, "short_term", Token);
        var second = await analyse(_unique, "short_term", Token);

        Assert.Equal((first, 1), (second, runs));
    }

    [Fact]
    public async Task Statistics_HitRateMemoryAndKeyCounts()
    {
        await using var application = await ExampleApplication.StartAsync((await servers.SingleAsync()).Address);
        await application.Manager.SetMarketDataAsync(_unique, new Opinion("calm"), Token);
        await application.Manager.GetMarketDataAsync<Opinion>(_unique, Token);

        var statistics = application.Cache.GetStatistics();
        var server = await application.Redis.GetServerInfoAsync(Token);
        var counts = await application.Cache.CountKeysAsync(Token);

        Assert.Equal(100, statistics.Total.HitRatePercent);
        Assert.True(server!.UsedMemoryBytes > 0);
        Assert.True(counts!.ByDataType[CacheDataType.MarketData] >= 1);
    }

    private sealed class StockService(CacheService cache)
    {
        public int Analyses { get; private set; }

        public int Searches { get; private set; }

        public ValueTask<Opinion> AnalyseAsync(string ticker, CancellationToken cancellationToken)
            => cache.GetAnalysisAsync(ticker, "comprehensive", _ => ValueTask.FromResult(new Opinion($"analysis {++Analyses}")), cancellationToken);

        public ValueTask<string[]> SearchAsync(string query, CancellationToken cancellationToken)
            => cache.GetOrSetAsync(
                cache.Keys.StockSearch(query), _ => ValueTask.FromResult<string[]>([query, $"search {++Searches}"]), cancellationToken: cancellationToken);
    }
}
