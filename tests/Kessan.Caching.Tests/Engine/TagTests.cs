using Kessan.Caching.Tags;
using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

/// <summary>What a node remembers of tags is bounded, and forgetting only causes misses.</summary>
[Collection(RunsAlone.Name)]
public sealed class TagTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MoreTagsThanTheTableHolds_AreForgotten_AndTheirEntriesAskedForAgain()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.MaximumTags = 100);
        for (var i = 0; i < 1000; i++) await fleet[0].Cache.SetAsync($"k{i}", i, tags: [$"t{i}"], cancellationToken: Stop);

        Assert.InRange(fleet[0].Cache.Node.Tags.Count, 1, 110);
        Assert.Equal(CacheLayer.L2, (await fleet[0].Cache.TryGetAsync<int>("k0", Stop)).Layer); // a change of its tag would not be heard of
        await fleet[0].Cache.RemoveByTagAsync("t1", Stop);
        Assert.False((await fleet[0].Cache.TryGetAsync<int>("k1", Stop)).Found);
        Assert.Equal(999, (await fleet[0].Cache.TryGetAsync<int>("k999", Stop)).Value);
    }

    [Fact]
    public void Table_UnderManyTags_StaysWithinItsBound()
    {
        var table = new TagTable(1000);
        for (var i = 0; i < 100_000; i++) table.Stamp($"tag {i}");
        Assert.InRange(table.Count, 1, 1010);
    }

    [Fact]
    public async Task GenerationLostInTheStore_ItsEntriesAreMissed_AndNothingOldIsServed()
    {
        await using var fleet = new SimulatedFleet(2);
        await fleet[0].Cache.SetAsync("k", 1, tags: ["t"], cancellationToken: Stop);
        fleet.Server.LoseGenerations();

        Assert.False((await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Found); // it never heard of the tag before: it asks, and gets a new one
        Assert.Equal(2, await fleet[1].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), tags: ["t"], cancellationToken: Stop));
        Assert.Equal(2, (await fleet[1].Cache.TryGetAsync<int>("k", Stop)).Value);
    }
}
