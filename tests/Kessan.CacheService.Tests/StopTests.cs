using System.Net;
using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Kessan.Caching.Quotas;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_RequestUnderWay_IsFinished()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Cache:L2SoftTimeout"] = "00:00:30" });
        var gate = new TaskCompletionSource();
        node.Store!.Gate = gate.Task;
        var put = node.Client.PutTextAsync("v1/entries/k", "1");
        await Testing.Eventually.HoldsAsync(() => node.Get<BodyBudget>().Held > 0); // its body is read: the service has it

        var stopping = node.App.StopAsync(TestContext.Current.CancellationToken);
        gate.SetResult();

        Assert.Equal(HttpStatusCode.NoContent, (await put).StatusCode);
        await stopping;
    }

    [Fact]
    public async Task Stop_WaitForALease_IsAnsweredAtOnce()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.SendAsync(HttpMethod.Post, "v1/leases/k?duration=30000", ("Kessan-Lease", "n1"));
        var before = node.Store!.OperationsOn("k");
        var waiting = node.Client.SendAsync(HttpMethod.Post, "v1/leases/k?wait=20000", ("Kessan-Lease", "n2"));
        await Testing.Eventually.HoldsAsync(() => node.Store.OperationsOn("k") > before);
        await using var stalls = new Testing.StallWatch();
        var start = TimeProvider.System.GetTimestamp();

        await node.App.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, (await waiting).StatusCode);
        Assert.True(TimeProvider.System.GetElapsedTime(start) - stalls.Total < TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Stop_ChangesAcceptedWithoutRedis_WaitsUntilItHasHeardOfThem()
    {
        var server = new InMemoryCacheServer();
        await using var node = await ServiceNode.StartAsync(server);
        await using var other = await ServiceNode.StartAsync(server);
        await AcceptThreeAsync(node);
        var before = node.Store!.Operations;

        var stopping = node.App.StopAsync(TestContext.Current.CancellationToken);
        await Testing.Eventually.HoldsAsync(() => node.Store.Operations > before + 1); // it is asked again
        var waited = !stopping.IsCompleted;
        node.Store.IsAway = false;
        await stopping;

        Assert.True(waited);
        Assert.Equal("new", await ReadAsync("replaced"));
        Assert.Null(await ReadAsync("removed"));
        Assert.Null(await ReadAsync("tagged"));

        async Task<string?> ReadAsync(string key)
        {
            var answer = await other.Client.SendAsync(HttpMethod.Get, $"v1/entries/{key}", ("Cache-Control", "no-cache"));
            return answer.IsSuccessStatusCode ? await answer.TextAsync() : null;
        }
    }

    [Fact]
    public async Task Stop_QuotaChargedWithoutRedis_WaitsUntilItIsCounted()
    {
        using var log = new LoggedFaults(LogLevel.Warning);
        var quotas = new InMemoryQuotaStore();
        await using var node = await ServiceNode.StartAsync(configure: builder =>
        {
            builder.Logging.AddProvider(log);
            builder.Services.AddSingleton<IQuotaStore>(quotas);
        });
        await using var other = await ServiceNode.StartAsync(configure: builder => builder.Services.AddSingleton<IQuotaStore>(quotas));
        await ChargeLocallyAsync(node);

        var stopping = node.App.StopAsync(TestContext.Current.CancellationToken);
        await Testing.Eventually.HoldsAsync(() => log.Seen.Any(line => line.Contains("0 changes were accepted and 1 quotas charged", StringComparison.Ordinal)));
        var before = await UsageAsync();
        node.Store!.IsAway = false;
        await stopping;

        Assert.Equal((0, 7), (before, await UsageAsync()));

        async Task<int> UsageAsync() => (await (await other.Client.SendAsync(HttpMethod.Get, "v1/quotas/u/daily")).JsonAsync()).GetProperty("usage").GetInt32();
    }

    [Fact]
    public async Task Stop_RedisStaysAway_EndsInTimeAndSaysHowMuchIsLost()
    {
        using var log = new LoggedFaults();
        await using var node = await ServiceNode.StartAsync(
            settings: new() { ["Kessan:Service:Limits:StopWait"] = "00:00:00.200" },
            configure: builder =>
            {
                builder.Logging.AddProvider(log);
                builder.Services.AddSingleton<IQuotaStore>(new InMemoryQuotaStore());
            });
        await AcceptThreeAsync(node);
        await ChargeLocallyAsync(node);

        await node.App.StopAsync(TestContext.Current.CancellationToken);

        Assert.Contains("3 accepted changes are lost, and the charges of 1 quotas", Assert.Single(log.Seen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_RedisAwayAndNothingAccepted_DoesNotWait()
    {
        using var log = new LoggedFaults(LogLevel.Warning);
        await using var node = await ServiceNode.StartAsync(configure: builder => builder.Logging.AddProvider(log));
        node.Store!.IsAway = true;
        await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k");

        await node.App.StopAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(log.Seen, line => line.Contains("the stop waits", StringComparison.Ordinal));
    }

    private static async Task ChargeLocallyAsync(ServiceNode node)
    {
        node.Store!.IsAway = true;
        await Testing.Eventually.HoldsAsync(async () =>
        {
            await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k"); // failures open the breaker
            return !node.Get<CacheEntries>().StoreIsAvailable;
        });
        var charged = await node.Client.SendAsync(HttpMethod.Post, "v1/quotas/u/daily?cost=7");
        Assert.True((await charged.JsonAsync()).GetProperty("local").GetBoolean());
    }

    /// <summary>A write over a value that the replica has seen, a removal and an invalidation, all answered 202.</summary>
    private static async Task AcceptThreeAsync(ServiceNode node)
    {
        foreach (var key in (string[])["replaced", "removed", "tagged?tag=t"])
        {
            Assert.Equal(HttpStatusCode.NoContent, (await node.Client.PutTextAsync($"v1/entries/{key}", "old")).StatusCode);
        }

        node.Store!.IsAway = true;
        Assert.Equal(HttpStatusCode.Accepted, (await node.Client.PutTextAsync("v1/entries/replaced", "new")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await node.Client.SendAsync(HttpMethod.Delete, "v1/entries/removed")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/t")).StatusCode);
    }
}
