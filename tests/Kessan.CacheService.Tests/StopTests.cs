using System.Net;

namespace Kessan.CacheHost.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_RequestUnderWay_IsFinished()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Cache:L2SoftTimeout"] = "00:00:30" });
        var gate = new TaskCompletionSource();
        node.Store!.Gate = gate.Task;
        var before = node.Store.Operations;
        var put = node.Client.PutTextAsync("v1/entries/k", "1");
        await Testing.Eventually.HoldsAsync(() => node.Store.Operations > before);

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
        var before = node.Store!.Operations;
        var waiting = node.Client.SendAsync(HttpMethod.Post, "v1/leases/k?wait=20000", ("Kessan-Lease", "n2"));
        await Testing.Eventually.HoldsAsync(() => node.Store.Operations > before);
        var start = TimeProvider.System.GetTimestamp();

        await node.App.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, (await waiting).StatusCode);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(3));
    }
}
