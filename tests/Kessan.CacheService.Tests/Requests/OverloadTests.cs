using System.Net;

namespace Kessan.CacheHost.Tests.Requests;

public sealed class OverloadTests
{
    [Fact]
    public async Task Requests_MoreThanAtOnce_AreShedAndTheOthersServed()
    {
        await using var node = await ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Service:Limits:RequestsAtOnce"] = "2",
            ["Kessan:Cache:L2SoftTimeout"] = "00:00:30",
        });
        var gate = new TaskCompletionSource();
        node.Store!.Gate = gate.Task;

        Task<HttpResponseMessage>[] slow = [.. Enumerable.Range(0, 2).Select(i => node.Client.SendAsync(HttpMethod.Get, $"v1/entries/k{i}"))];
        await Testing.Eventually.HoldsAsync(() => node.Store.OperationsOn("k0") > 0 && node.Store.OperationsOn("k1") > 0);
        var shed = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/shed");
        var health = await node.Client.SendAsync(HttpMethod.Get, "health");
        gate.SetResult();
        var served = await Task.WhenAll(slow);

        await shed.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        Assert.Equal("1", shed.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.All(served, response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/again")).StatusCode);
    }

    [Fact]
    public async Task LeaseWaits_HaveTheirOwnCap()
    {
        await using var node = await ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Service:Limits:RequestsAtOnce"] = "2",
            ["Kessan:Service:Limits:LeaseWaitsAtOnce"] = "3",
        });
        await node.Client.SendAsync(HttpMethod.Post, "v1/leases/k?duration=30000", ("Kessan-Lease", "holder"));
        var before = node.Store!.OperationsOn("k");

        Task<HttpResponseMessage>[] waits = [.. Enumerable.Range(0, 3).Select(i => WaitAsync($"w{i}"))];
        await Testing.Eventually.HoldsAsync(() => node.Store.OperationsOn("k") >= before + 3);
        var shed = await WaitAsync("one more");
        var read = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/other");
        await node.Client.SendAsync(HttpMethod.Put, "v1/entries/k");
        var woken = await Task.WhenAll(waits);

        var problem = await shed.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        Assert.Equal("LeaseWaitsAtOnce", problem.GetProperty("limit_name").GetString());
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        Assert.All(woken, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));

        Task<HttpResponseMessage> WaitAsync(string nonce) => node.Client.SendAsync(HttpMethod.Post, "v1/leases/k?wait=20000", ("Kessan-Lease", nonce));
    }

    [Fact]
    public async Task Rate_PastTheLimit_IsShedByClient()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:RequestsPerSecond"] = "5" });
        using var other = node.NewClient(ServiceNode.ReaderKey);

        var statuses = await StatusesOfManyAsync(node);

        Assert.Contains(HttpStatusCode.NotFound, statuses);
        Assert.Contains(HttpStatusCode.ServiceUnavailable, statuses);
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode);
    }

    [Fact]
    public async Task Rate_PastTheLimit_ShedsHitsToo()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:RequestsPerSecond"] = "5" });
        await node.Client.PutTextAsync("v1/entries/k", "x");

        var statuses = await StatusesOfManyAsync(node);

        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Contains(HttpStatusCode.ServiceUnavailable, statuses);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(19)]
    [InlineData(101)]
    [InlineData(10_000_000)]
    public void Rate_Bucket_IsRefilledAtThatRate(int rate)
    {
        var bucket = CacheHost.Overload.LoadGate.Bucket(rate);

        Assert.InRange(bucket.TokensPerPeriod / bucket.ReplenishmentPeriod.TotalSeconds, rate * 0.999, rate * 1.001);
        Assert.Equal(rate, bucket.TokenLimit);
    }

    /// <summary>All at once, and very many: a rate says nothing where the machine answers fewer in a second.</summary>
    private static async Task<HttpStatusCode[]> StatusesOfManyAsync(ServiceNode node) => await Task.WhenAll(
        Enumerable.Range(0, 200).Select(async _ => (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode));
}
