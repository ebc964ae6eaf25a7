using Kessan.Testing;
using StackExchange.Redis;

namespace Kessan.Standalone.Tests;

/// <summary>The whole path: market API, cache client, cache service, embedded Redis, and the source on a miss.</summary>
public sealed class QuoteTests
{
    private const string Quote = "/stocks/7203/price";
    private const string Key = "stock_price:7203:latest";

    [Fact]
    public async Task Price_AskedTwice_ComesFromTheSourceAndThenFromTheCache()
    {
        await using var system = await StandaloneProcess.StartPatientAsync();

        var first = await system.GetAsync(system.MarketApi, Quote);
        var second = await system.GetAsync(system.MarketApi, Quote);

        Assert.Equal(200, first.Status);
        Assert.Contains("fwd=miss", first.CacheStatus, StringComparison.Ordinal);
        Assert.Contains("detail=source", first.CacheStatus, StringComparison.Ordinal);
        Assert.Contains("; hit;", second.CacheStatus, StringComparison.Ordinal);
        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task Price_Asked_StandsInTheEmbeddedRedisForAtMostItsLifetime()
    {
        await using var system = await StandaloneProcess.StartPatientAsync("--embedded-redis-password", "sesame");
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{system.Redis},password=sesame");

        await system.GetAsync(system.MarketApi, Quote);

        var left = await redis.GetDatabase().KeyTimeToLiveAsync(Key);
        Assert.NotNull(left);
        Assert.InRange(left.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(300));
    }

    // Whoever else works on the machine reaches the port, but not the data.
    [Fact]
    public async Task EmbeddedRedis_NoPasswordGiven_HasOneAllTheSame()
    {
        await using var system = await StandaloneProcess.StartAsync();

        var failure = await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync($"{system.Redis},abortConnect=true,connectRetry=0");
            await redis.GetDatabase().StringGetAsync(Key);
        });

        Assert.Contains("NOAUTH", failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Price_DataDirectoryAndRestart_IsStillAHit()
    {
        var directory = Directory.CreateTempSubdirectory("kessan-").FullName;
        try
        {
            await using (var first = await StandaloneProcess.StartPatientAsync("--data", directory))
            {
                await first.GetAsync(first.MarketApi, Quote);
                first.Program.Signal(Testing.Processes.UnixSignal.Terminate);
                await first.Program.ExitAsync(StandaloneProcess.Patience, TestContext.Current.CancellationToken);
            }

            await using var second = await StandaloneProcess.StartPatientAsync("--data", directory);

            Assert.Contains("; hit;", (await second.GetAsync(second.MarketApi, Quote)).CacheStatus, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Price_OutsideRedisDoesNotAnswer_IsServedAllTheSame()
    {
        await using var system = await StandaloneProcess.StartAsync("--redis", $"redis://user:sesame@127.0.0.1:{TestPorts.Next()}");

        var first = await system.GetAsync(system.MarketApi, Quote);
        var second = await system.GetAsync(system.MarketApi, Quote);

        Assert.Single(system.Program.Lines, line => line.Contains("outside Redis", StringComparison.Ordinal));
        Assert.DoesNotContain("sesame", system.Program.Output, StringComparison.Ordinal);
        Assert.Equal(200, first.Status);
        Assert.Equal(200, second.Status);
    }

    [Fact]
    public async Task Price_OutsideRedisFromTheEnvironment_IsUsed()
    {
        await using var outside = await EmbeddedRedis.EmbeddedRedisServer.StartAsync(
            new EmbeddedRedis.EmbeddedRedisOptions(), TestContext.Current.CancellationToken);
        await using var system = await StandaloneProcess.ReadyAsync(StandaloneProcess.Launch(
            ["--market-port=0", "--cache-port=0"], [.. StandaloneProcess.PatientVariables, ("REDIS_URL", $"redis://127.0.0.1:{outside.Port}")]));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(outside.ConnectionString);

        await system.GetAsync(system.MarketApi, Quote);

        Assert.True(await redis.GetDatabase().KeyExistsAsync(Key));
        Assert.DoesNotContain("embedded Redis", system.Program.Output, StringComparison.Ordinal);
    }
}
