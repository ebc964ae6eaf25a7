using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Engine;

public sealed class RegistrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddKessanCaching_Twice_OneCacheBehindEveryName()
    {
        var services = new ServiceCollection();
        services.AddKessanCaching();
        services.AddKessanCaching();
        await using var provider = services.BuildServiceProvider();

        var cache = Assert.IsType<KessanHybridCache>(Assert.Single(provider.GetServices<HybridCache>()));

        Assert.Same(cache, provider.GetRequiredService<KessanHybridCache>());
    }

    [Fact]
    public async Task Keyed_EachHasItsOwnOptionsStoreAndEntries()
    {
        var server = new InMemoryCacheServer();
        var services = new ServiceCollection();
        services.AddKessanCaching();
        services.AddKeyedSingleton<ICacheStore>("prices", new InMemoryCacheStore(server));
        services.Configure<HybridCacheOptions>("prices", options => options.MaximumKeyLength = 10);
        services.AddKeyedKessanCaching("prices");
        services.AddKeyedKessanCaching("news");
        await using var provider = services.BuildServiceProvider();
        var (plain, prices, news) = (provider.GetRequiredService<HybridCache>(),
            provider.GetRequiredKeyedService<HybridCache>("prices"), provider.GetRequiredKeyedService<HybridCache>("news"));

        await prices.SetAsync("k", 1, cancellationToken: Stop);

        Assert.Equal(1, await prices.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), cancellationToken: Stop));
        Assert.Equal(3, await news.GetOrCreateAsync("k", _ => ValueTask.FromResult(3), cancellationToken: Stop));
        Assert.Equal(4, await plain.GetOrCreateAsync("k", _ => ValueTask.FromResult(4), cancellationToken: Stop));
        Assert.Equal(1, server.Count);
        Assert.Same(prices, provider.GetRequiredKeyedService<KessanHybridCache>("prices"));
        await Assert.ThrowsAsync<ArgumentException>(() => prices.SetAsync("a long key of many characters", 1, cancellationToken: Stop).AsTask());
        await news.SetAsync("a long key of many characters", 1, cancellationToken: Stop);
    }
}
