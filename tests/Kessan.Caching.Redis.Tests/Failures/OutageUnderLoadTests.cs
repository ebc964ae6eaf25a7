using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Kessan.Testing.Redis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>Two nodes with the engine over a real server that fails in some way while one of them works.</summary>
public sealed class OutageUnderLoadTests : IAsyncLifetime
{
    private const int Keys = 300;
    private const int Workers = 8;

    /// <summary>The ten seconds with <c>KESSAN_LONG=1</c>.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("KESSAN_LONG") == "1" ? 10 : 2);

    private RedisServerProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public Task KilledAndRestarted() => RunAsync(_server.KillAsync, _server.StartAsync);

    [Fact]
    public Task Stopped() => RunAsync(
        () =>
        {
            _server.Pause();
            return Task.CompletedTask;
        },
        () =>
        {
            _server.Resume();
            return Task.CompletedTask;
        });

    [Fact]
    public Task ClientsPaused() => RunAsync(
        () => Task.FromResult(_server.Ask("CLIENT", "PAUSE", (int)Outage.TotalMilliseconds, "ALL")),
        () => Task.CompletedTask);

    [Fact]
    public Task SubscriptionsCut() => RunAsync(
        () => Task.FromResult(_server.Ask("CLIENT", "KILL", "TYPE", "pubsub")),
        () => Task.FromResult(_server.Ask("CLIENT", "KILL", "TYPE", "pubsub")));

    private async Task RunAsync(Func<Task> fail, Func<Task> restore)
    {
        using var host = CreateHost();
        using var otherHost = CreateHost();
        await host.StartAsync(Token);
        await otherHost.StartAsync(Token);
        var cache = host.Services.GetRequiredService<HybridCache>();
        var other = otherHost.Services.GetRequiredService<HybridCache>();
        var truth = new int[Keys]; // what the source says; raised before each write
        var written = new int[Keys]; // the last write that was acknowledged to its caller
        var (exceptions, older) = (new ConcurrentQueue<Exception>(), 0);
        var reads = new ConcurrentQueue<(long At, double Microseconds)>();
        using var stop = new CancellationTokenSource();
        for (var i = 0; i < Keys; i++) Assert.Equal(0, await ReadAsync(other, i));

        var load = Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            // Each key is written by one worker only, so that "its own last write" has a meaning; reads go anywhere. 2,000 requests a second.
            var random = new Random(worker);
            var start = Stopwatch.GetTimestamp();
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var ahead = TimeSpan.FromSeconds(n * Workers / 2000.0) - Stopwatch.GetElapsedTime(start);
                if (ahead > TimeSpan.Zero) await Task.Delay(ahead, TimeProvider.System);
                try
                {
                    await RequestAsync(random.Next(100), (random.Next(Keys / Workers) * Workers) + worker, random.Next(Keys));
                }
                catch (Exception failure)
                {
                    exceptions.Enqueue(failure);
                }
            }
        })).ToArray();

        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Token);
        var failed = Stopwatch.GetTimestamp();
        await fail();
        await Task.Delay(Outage, TimeProvider.System, Token);
        await restore();
        var restored = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Token);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        // Both nodes come to the truth, and stay there.
        await Eventually.HoldsAsync(async () => await WrongAsync(cache) + await WrongAsync(other) == 0, TimeSpan.FromSeconds(5));
        var repaired = Stopwatch.GetElapsedTime(restored);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Token);
        Assert.Equal((0, 0), (await WrongAsync(cache), await WrongAsync(other)));

        Report(reads, failed, restored, repaired);
        Assert.Empty(exceptions);
        Assert.Equal(0, older);
        await host.StopAsync(Token);
        await otherHost.StopAsync(Token);

        async Task RequestAsync(int kind, int own, int any)
        {
            if (kind < 80)
            {
                var atLeast = Volatile.Read(ref written[any]);
                var began = Stopwatch.GetTimestamp();
                var value = await ReadAsync(cache, any);
                reads.Enqueue((began, Stopwatch.GetElapsedTime(began).TotalMicroseconds));
                if (value < atLeast) Interlocked.Increment(ref older);
                return;
            }

            var next = Interlocked.Increment(ref truth[own]);
            if (kind < 95) await cache.SetAsync(Key(own), next);
            else await cache.RemoveAsync(Key(own));
            Volatile.Write(ref written[own], next);
        }

        ValueTask<int> ReadAsync(HybridCache from, int i)
            => from.GetOrCreateAsync(Key(i), _ => ValueTask.FromResult(Volatile.Read(ref truth[i])));

        async Task<int> WrongAsync(HybridCache from)
        {
            var wrong = 0;
            for (var i = 0; i < Keys; i++)
            {
                if (await ReadAsync(from, i) != truth[i]) wrong++;
            }

            return wrong;
        }
    }

    private static void Report(IEnumerable<(long At, double Microseconds)> reads, long failed, long restored, TimeSpan repaired)
    {
        var open = failed + (Stopwatch.Frequency / 2); // by then the breaker is open
        var healthy = Percentile99(reads.Where(read => read.At < failed));
        var during = Percentile99(reads.Where(read => read.At > open && read.At < restored));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{reads.Count()} reads; p99 healthy {healthy:F0} us, during the outage {during:F0} us; both nodes right {repaired.TotalSeconds:F1} s after its end."));

        static double Percentile99(IEnumerable<(long At, double Microseconds)> part)
        {
            var sorted = part.Select(read => read.Microseconds).Order().ToArray();
            return sorted.Length == 0 ? double.NaN : sorted[(int)(0.99 * (sorted.Length - 1))];
        }
    }

    private static string Key(int i) => $"market_data:load-{i}";

    private IHost CreateHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", _server.Address)]);
        builder.Services.AddKessanCaching().UseRedis();
        return builder.Build();
    }
}
