using System.Diagnostics;
using System.Globalization;
using Kessan.Caching.Redis.Keys;
using Kessan.Testing.Redis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>Two nodes with the engine over real servers that fail in some way while one of the nodes works.</summary>
/// <remarks>
/// With <c>KESSAN_LONG=1</c> the failure lasts ten seconds, and the two figures that depend on the machine's other work are asserted too:
/// reads take at most twice as long once the breaker is open, and all is well within two seconds of the end.
/// </remarks>
public sealed class OutageUnderLoadTests : IAsyncLifetime
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("KESSAN_LONG") == "1";
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(IsLong ? 10 : 2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(IsLong ? 5 : 1);

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
    public Task KilledAndRestarted() => RunAsync(_server.KillAsync, _server.StartAsync, opensBreaker: true);

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
        },
        opensBreaker: true);

    [Fact]
    public Task ClientsPaused() => RunAsync(
        () => Task.FromResult(_server.Ask("CLIENT", "PAUSE", (int)Outage.TotalMilliseconds, "ALL")),
        () => Task.CompletedTask,
        opensBreaker: true);

    [Fact]
    public Task SubscriptionsCut() => RunAsync(
        () => Task.FromResult(_server.Ask("CLIENT", "KILL", "TYPE", "pubsub")),
        () => Task.FromResult(_server.Ask("CLIENT", "KILL", "TYPE", "pubsub")));

    [Fact]
    public async Task OneMessageInAHundredLost()
    {
        await using var proxy = new LossyProxy(_server.Port);
        await RunAsync(
            () =>
            {
                proxy.Loss = 0.01;
                return Task.CompletedTask;
            },
            async () =>
            {
                await Eventually.HoldsAsync(() => proxy.Dropped > 0);
                proxy.Loss = 0;
            },
            proxy.Address);
        TestContext.Current.TestOutputHelper?.WriteLine($"{proxy.Dropped} messages lost.");
    }

    [Fact]
    public async Task PrimaryOfAClusterKilled_ItsReplicaTakesOver()
    {
        await using var cluster = await RedisClusterProcesses.StartForFailoverAsync();
        var primary = cluster.PrimaryOf(HashSlot.Of("market_data:load-0"));
        await RunAsync(primary.KillAsync, () => cluster.WaitUntilHealthyAsync(), cluster.Nodes);
    }

    private async Task RunAsync(Func<Task> fail, Func<Task> restore, string? address = null, bool opensBreaker = false)
    {
        using var host = CreateHost(address ?? _server.Address);
        using var otherHost = CreateHost(address ?? _server.Address);
        await host.StartAsync(Token);
        await otherHost.StartAsync(Token);
        var load = new MixedLoad(host.Services.GetRequiredService<HybridCache>(), otherHost.Services.GetRequiredService<HybridCache>());
        await load.StartAsync();

        await Task.Delay(WarmUp, TimeProvider.System, Token);
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(Healthy, TimeProvider.System, Token);
        var failed = Stopwatch.GetTimestamp();
        await fail();
        await Task.Delay(Outage, TimeProvider.System, Token);
        await restore();
        var restored = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Token);
        await load.StopAsync();

        // Both nodes come to the truth, and stay there.
        var repaired = TimeSpan.Zero;
        await Eventually.HoldsAsync(
            async () =>
            {
                if (await load.WrongAsync() != 0) return false;
                repaired = Stopwatch.GetElapsedTime(restored);
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Token);
                return await load.WrongAsync() == 0;
            },
            TimeSpan.FromSeconds(20),
            "both nodes are right and stay so");

        var open = failed + (Stopwatch.Frequency / 2); // by then the breaker is open
        var healthy = Percentile99(load, began, failed);
        var during = Percentile99(load, open, restored);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{load.Reads.Count} reads; p99 healthy {healthy:F0} us, during the failure {during:F0} us; both nodes right {repaired.TotalSeconds:F1} s after its end."));
        Assert.Empty(load.Exceptions);
        Assert.Equal(0, load.Older);
        if (IsLong)
        {
            if (opensBreaker) Assert.True(during <= 2 * healthy, $"Reads took {during} us, and {healthy} us before.");
            Assert.True(repaired <= TimeSpan.FromSeconds(2), $"It took {repaired}.");
        }

        await host.StopAsync(Token);
        await otherHost.StopAsync(Token);
    }

    private static double Percentile99(MixedLoad load, long from, long to)
    {
        var sorted = load.Reads.Where(read => read.At >= from && read.At < to).Select(read => read.Microseconds).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)(0.99 * (sorted.Length - 1))];
    }

    private static IHost CreateHost(string address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", address)]);
        builder.Services.AddKessanCaching().UseRedis();
        return builder.Build();
    }
}
