using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

/// <summary>A store that is back but for a part of it, as a cluster without one primary: what is recorded for the rest is repeated.</summary>
[Collection(RunsAlone.Name)]
public sealed class PartialRepairTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("key")]
    [InlineData("tag")]
    public async Task StoreBack_APartOfItIsNot_TheRestIsRepeatedAndUsed(string lost)
    {
        await using var fleet = new SimulatedFleet(2);
        string[] keys = ["good", "better", "lost key"];
        foreach (var key in keys) await fleet[0].Cache.SetAsync(key, 1, cancellationToken: Stop);
        await fleet[0].Cache.SetAsync("tagged", 1, tags: ["good tag"], cancellationToken: Stop);
        await CutAsync(fleet);
        foreach (var key in keys) await fleet[0].Cache.RemoveAsync(key, Stop);
        await fleet[0].Cache.RemoveByTagAsync(["lost tag", "good tag"], Stop);

        fleet[0].Store.HasLost = subject => subject == $"lost {lost}";
        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        Assert.False(fleet[0].Cache.Node.StoreIsAway);
        foreach (var key in new[] { "good", "better", "tagged" }) Assert.False((await fleet[1].Cache.TryGetAsync<int>(key, Stop)).Found);
        Assert.Equal((lost == "key", lost == "tag"), (fleet[0].Cache.Node.Journal.HoldsKey("lost key"), fleet[0].Cache.Node.Journal.HoldsTag("lost tag")));
        var tried = fleet[0].Store.OperationsOn($"lost {lost}");
        await fleet.PassAsync(TimeSpan.FromSeconds(10));
        Assert.InRange(fleet[0].Store.OperationsOn($"lost {lost}") - tried, 5, 45); // not at each of 100 checks

        fleet[0].Store.HasLost = static _ => false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));
        Assert.True(fleet[0].Cache.Node.Journal.IsEmpty);
        Assert.False((await fleet[1].Cache.TryGetAsync<int>("lost key", Stop)).Found);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public async Task StoreBack_APartOfItIsNot_WrittenValuesOfTheRestGoBack(int lostTags, int lostKeys)
    {
        await using var fleet = new SimulatedFleet(2);
        string[] lost = [.. Enumerable.Range(0, lostKeys).Select(i => $"lost {i}")];
        foreach (var key in (string[])["a", "b", .. lost]) await fleet[0].Cache.SetAsync(key, 1, cancellationToken: Stop);
        await CutAsync(fleet);
        foreach (var key in (string[])["a", "b", .. lost]) await fleet[0].Cache.SetAsync(key, 2, cancellationToken: Stop);
        await fleet[0].Cache.RemoveByTagAsync(Enumerable.Range(0, lostTags).Select(i => $"lost tag {i}"), Stop);

        fleet[0].Store.HasLost = subject => subject.StartsWith("lost", StringComparison.Ordinal);
        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(3));

        foreach (var key in (string[])["a", "b"]) Assert.Equal((true, 2), await ReadAsync(key));
        Assert.All(lost, key => Assert.True(fleet[0].Cache.Node.Journal.HoldsKey(key)));

        fleet[0].Store.HasLost = static _ => false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        foreach (var key in (string[])["a", "b", .. lost]) Assert.Equal((true, 2), await ReadAsync(key));
        Assert.True(fleet[0].Cache.Node.Journal.IsEmpty);

        async Task<(bool, int)> ReadAsync(string key)
        {
            var found = await fleet[1].Cache.TryGetAsync<int>(key, Stop);
            return (found.Found, found.Value);
        }
    }

    /// <summary>The first node's store is away, and its breaker open.</summary>
    private static async Task CutAsync(SimulatedFleet fleet)
    {
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);
    }
}
