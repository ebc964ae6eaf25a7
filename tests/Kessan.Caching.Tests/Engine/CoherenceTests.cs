using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

[Collection(RunsAlone.Name)]
public sealed class CoherenceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetOrCreate_Twice_IsAnL1HitTheSecondTime()
    {
        await using var fleet = new SimulatedFleet(1);

        var first = await fleet[0].Cache.GetOrCreateLookupAsync("stock_price:7203:latest", (_, _) => ValueTask.FromResult(new Quote("7203", 1m)), cancellationToken: Stop);
        var second = await fleet[0].Cache.GetOrCreateLookupAsync("stock_price:7203:latest", (_, _) => ValueTask.FromResult(new Quote("7203", 2m)), cancellationToken: Stop);

        Assert.Equal(CacheLayer.Source, first.Layer);
        Assert.Equal(CacheLayer.L1, second.Layer);
        Assert.Same(first.Value, second.Value);
        Assert.Equal(["stock:7203"], second.Tags);
        Assert.Equal(TimeSpan.FromSeconds(300), second.TimeLeft);
        Assert.True(second.Version > 0);
    }

    [Fact]
    public async Task GetOrCreate_AnotherNodeHasIt_IsAnL2Hit()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop);

        var lookup = await fleet[1].Cache.GetOrCreateLookupAsync("k", (_, _) => ValueTask.FromResult(2), cancellationToken: Stop);

        Assert.Equal((CacheLayer.L2, 1), (lookup.Layer, lookup.Value));
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("tag")]
    [InlineData("*")]
    public async Task Change_OnOneNode_IsSeenByTheOther(string change)
    {
        await using var fleet = new SimulatedFleet(2);
        foreach (var node in fleet.Nodes) await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), tags: ["t"], cancellationToken: Stop);
        Assert.Equal(CacheLayer.L1, (await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Layer);

        await (change switch
        {
            "set" => fleet[0].Cache.SetAsync("k", 2, cancellationToken: Stop),
            "remove" => fleet[0].Cache.RemoveAsync("k", Stop),
            "tag" => fleet[0].Cache.RemoveByTagAsync("t", Stop),
            _ => fleet[0].Cache.RemoveByTagAsync("*", Stop),
        });

        foreach (var node in fleet.Nodes)
        {
            Assert.Equal(2, await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop));
        }
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("tag")]
    public async Task Change_DuringAFillOnTheSameNode_TheOldValueIsNotKept(string change)
    {
        await using var fleet = new SimulatedFleet(2);
        var gate = new TaskCompletionSource<int>();
        var fill = fleet[0].Cache.GetOrCreateAsync("k", async _ => await gate.Task, tags: ["t"], cancellationToken: Stop).AsTask();
        await Settle.AllAsync();

        await ChangeAsync(fleet[0], change);
        var late = fleet[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop).AsTask();
        gate.SetResult(1);

        Assert.Equal(1, await fill);
        Assert.Equal(2, await late.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        foreach (var node in fleet.Nodes) Assert.Equal(2, (await node.Cache.TryGetAsync<int>("k", Stop)).Value);
    }

    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("tag")]
    public async Task Change_DuringAFillOnAnotherNode_TheOldValueIsNotKept(string change)
    {
        await using var fleet = new SimulatedFleet(2);
        var gate = new TaskCompletionSource<int>();
        var fill = fleet[1].Cache.GetOrCreateAsync("k", async _ => await gate.Task, tags: ["t"], cancellationToken: Stop).AsTask();
        await Settle.AllAsync();

        await ChangeAsync(fleet[0], change);
        gate.SetResult(1);

        Assert.Equal(1, await fill);
        foreach (var node in fleet.Nodes)
        {
            Assert.Equal(2, await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop));
        }
    }

    [Fact]
    public async Task LostMessage_IsFoundByTheGap_AndTheOldValueIsGoneWithinTwoSeconds()
    {
        await using var fleet = new SimulatedFleet(2);
        foreach (var node in fleet.Nodes) await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(1)); // both know each other by their heartbeats
        Assert.Equal(CacheLayer.L1, (await fleet[1].Cache.GetOrCreateLookupAsync("k", (_, _) => ValueTask.FromResult(0), cancellationToken: Stop)).Layer);

        fleet[1].Store.Fate = message => message.Kind == Kessan.Caching.Storage.StoreMessageKind.Set ? MessageFate.Lose : MessageFate.Deliver;
        await fleet[0].Cache.SetAsync("k", 2, cancellationToken: Stop);
        Assert.Equal(1, (await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Value); // nobody told it
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(2, (await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Value);
    }

    private static ValueTask ChangeAsync(SimulatedNode node, string change) => change switch
    {
        "set" => node.Cache.SetAsync("k", 2, tags: ["t"], cancellationToken: Stop),
        "remove" => node.Cache.RemoveAsync("k", Stop),
        _ => node.Cache.RemoveByTagAsync("t", Stop),
    };
}
