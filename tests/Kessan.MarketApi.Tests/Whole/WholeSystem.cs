using Kessan.CacheHost;
using Kessan.EmbeddedRedis;
using Kessan.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Kessan.MarketApi.Tests.Whole;

/// <summary>The real system on loopback: embedded Redis, the cache service, the market API; nothing is faked and the clock is the machine's.</summary>
internal sealed class WholeSystem : IAsyncDisposable
{
    private const string Key = "a-key-for-this-test";

    // On a busy machine an operation may take longer than it ever should; these tests are about where answers come from.
    private const string Patience = "00:00:10";

    private readonly EmbeddedRedisServer _redis;
    private readonly WebApplication _cacheService;
    private readonly WebApplication _marketApi;

    private WholeSystem(EmbeddedRedisServer redis, WebApplication cacheService, WebApplication marketApi)
    {
        (_redis, _cacheService, _marketApi) = (redis, cacheService, marketApi);
        Client = new HttpClient { BaseAddress = new Uri(Address) };
    }

    /// <summary>Where the market API listens.</summary>
    public string Address => _marketApi.Urls.Single();

    public HttpClient Client { get; }

    public static async Task<WholeSystem> StartAsync(Action<WebApplicationBuilder>? configureBoth = null)
    {
        var redis = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), TestContext.Current.CancellationToken);
        var cacheService = await StartHostAsync(CacheServiceApp.Build, configureBoth, new()
        {
            ["ConnectionStrings:redis"] = redis.ConnectionString,
            ["Kessan:Security:ApiKeys:0:Name"] = "market-api",
            ["Kessan:Security:ApiKeys:0:Key"] = Key,
            ["Kessan:Security:ApiKeys:0:Scopes:0"] = "read",
            ["Kessan:Security:ApiKeys:0:Scopes:1"] = "write",
            ["Kessan:Cache:L2SoftTimeout"] = Patience,
        });
        var marketApi = await StartHostAsync(MarketApiApp.Build, configureBoth, new()
        {
            ["Kessan:CacheService:Address"] = cacheService.Urls.Single(),
            ["Kessan:CacheService:ApiKey"] = Key,
            ["Kessan:CacheService:Timeout"] = Patience,
            ["Kessan:Cache:L2SoftTimeout"] = Patience,
        });
        var system = new WholeSystem(redis, cacheService, marketApi);
        // Both answer before the layer below them does: a request that came now might go no further.
        await IsHealthyAsync(cacheService);
        await IsHealthyAsync(marketApi);
        return system;
    }

    /// <summary>The cache service goes away, with all that it holds in memory.</summary>
    public Task StopCacheServiceAsync() => _cacheService.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>The market API goes away.</summary>
    public Task StopMarketApiAsync() => _marketApi.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _marketApi.DisposeAsync();
        await _cacheService.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private static async Task IsHealthyAsync(WebApplication app)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        await Eventually.HoldsAsync(
            async () => await client.GetStringAsync("/health", TestContext.Current.CancellationToken) == "Healthy", TimeSpan.FromSeconds(30));
    }

    private static async Task<WebApplication> StartHostAsync(
        Func<string[], Action<WebApplicationBuilder>?, WebApplication> build,
        Action<WebApplicationBuilder>? configure,
        Dictionary<string, string?> settings)
    {
        string[] arguments = ["--urls", "http://127.0.0.1:0", "--environment", "Testing", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
        var app = build(arguments, builder =>
        {
            builder.Logging.ClearProviders();
            configure?.Invoke(builder);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
