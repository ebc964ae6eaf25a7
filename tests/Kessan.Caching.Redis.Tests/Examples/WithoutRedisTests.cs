using Kessan.Caching.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Testing code that uses the cache, without Redis and without mocks: one line of registration.</summary>
public sealed class WithoutRedisTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CodeUnderTest_FindsWhatTheTestPutIntoTheCache()
    {
        var services = new ServiceCollection();
        services.AddKessanCaching().UseInMemoryStore();
        services.AddSingleton<Greeter>();
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<CacheService>();
        await cache.Hybrid.SetAsync("greeting", "cached", cancellationToken: Token);

        Assert.Equal("cached", await provider.GetRequiredService<Greeter>().GreetAsync(Token));

        await cache.Hybrid.RemoveAsync("greeting", Token);
        Assert.Equal("made", await provider.GetRequiredService<Greeter>().GreetAsync(Token));
    }

    private sealed class Greeter(CacheService cache)
    {
        public ValueTask<string> GreetAsync(CancellationToken cancellationToken)
            => cache.GetOrSetAsync("greeting", _ => ValueTask.FromResult("made"), CacheDataType.Other, cancellationToken: cancellationToken);
    }
}
