using System.Text;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests;

/// <summary>What <see cref="RedisCache"/> does about a Redis that fails or hangs: reads are tried again, waits are short, then nothing is asked.</summary>
public sealed class GuardedStoreTests
{
    private const string Key = "market_data:nikkei225";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ThatFailed_IsTriedAgain()
    {
        await using var fleet = new SimulatedFleet(1);
        var (store, guarded) = (fleet[0].Store, new GuardedStore(fleet[0].Cache.Node));
        await store.SetAsync(new StoreWrite(Key, Entry()), Token);
        store.IsAway = true;
        var before = store.Operations;

        var reading = guarded.GetAsync(Key, StoreReadOptions.Default, Token);
        await PassUntilAsync(fleet, () => store.Operations == before + 2);
        store.IsAway = false;
        await PassUntilAsync(fleet, () => reading.IsCompleted);

        Assert.NotNull((await reading)!.Value.Entry);
    }

    [Fact]
    public async Task Read_ThatFailsAlways_EndsAfterThreeAttempts()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L2FailuresUntilOpen = 2);
        var (store, guarded) = (fleet[0].Store, new GuardedStore(fleet[0].Cache.Node));
        store.IsAway = true;
        var before = store.Operations;

        var reading = guarded.GetAsync(Key, StoreReadOptions.Default, Token);
        await PassUntilAsync(fleet, () => reading.IsCompleted);

        Assert.Null(await reading);
        Assert.Equal(3, store.Operations - before);
        Assert.False(fleet[0].Cache.Node.StoreIsAway, "One read that failed is one failure.");
    }

    [Fact]
    public async Task Read_ThatHangs_EndsWithTheSoftTimeoutWhateverWasTriedBefore()
    {
        await using var fleet = new SimulatedFleet(1);
        var (store, guarded) = (fleet[0].Store, new GuardedStore(fleet[0].Cache.Node));
        store.IsAway = true;
        var before = store.Operations;
        var reading = guarded.GetAsync(Key, StoreReadOptions.Default, Token);
        store.Gate = new TaskCompletionSource().Task;

        await PassUntilAsync(fleet, () => reading.IsCompleted);

        Assert.Null(await reading);
        Assert.Equal(2, store.Operations - before);
    }

    [Fact]
    public async Task Write_ThatFailed_IsNotRepeated()
    {
        await using var fleet = new SimulatedFleet(1);
        var (store, guarded) = (fleet[0].Store, new GuardedStore(fleet[0].Cache.Node));
        store.IsAway = true;
        var before = store.Operations;

        Assert.Null(await guarded.SetManyAsync([new StoreWrite(Key, Entry())], Token));
        Assert.Null(await guarded.RemoveAsync(Key, Token));

        Assert.Equal(2, store.Operations - before);
    }

    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(1, 1, 10)]
    [InlineData(2, 0, 10)]
    [InlineData(2, 1, 20)]
    public void Pause_IsExponentialAndHalfRandom(int attempts, double random, double milliseconds)
        => Assert.Equal(milliseconds, GuardedStore.Pause(attempts, random).TotalMilliseconds);

    [Fact]
    public async Task RedisHangs_WaitsAreShortAndThenNothingIsAsked()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);

        // The client itself would wait for longer than this test does.
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", $"127.0.0.1:{server.Port},asyncTimeout=60000")]);
        builder.Services.AddKessanCaching().UseRedis();
        using var host = builder.Build();
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<RedisCache>();
        await Eventually.HoldsAsync(() => cache.SetEntryAsync(Key, Entry(), Token));

        server.Pause();
        await Eventually.HoldsAsync(async () =>
        {
            Assert.Null(await cache.GetEntryAsync(Key, Token));
            Assert.False(await cache.SetAsync(Key, "x", TimeSpan.FromMinutes(1), Token));
            return host.Services.GetRequiredService<KessanHybridCache>().Node.StoreIsAway;
        });
        var failures = cache.Failures;
        var refused = cache.GetAsync<string>(Key, Token);
        Assert.True(refused.IsCompletedSuccessfully, "With the breaker open there is nothing to wait for.");
        Assert.Null(await refused);
        Assert.Equal(failures + 1, cache.Failures);

        server.Resume();
        await Eventually.HoldsAsync(async () => await cache.GetEntryAsync(Key, Token) is not null);
        await host.StopAsync(Token);
    }

    private static async Task PassUntilAsync(SimulatedFleet fleet, Func<bool> holds)
    {
        for (var i = 0; i < 1000 && !holds(); i++) await fleet.PassAsync(TimeSpan.FromMilliseconds(50));
        Assert.True(holds());
    }

    private static StoredEntry Entry() => new() { Payload = Encoding.UTF8.GetBytes("x"), Lifetime = TimeSpan.FromMinutes(5) };
}
