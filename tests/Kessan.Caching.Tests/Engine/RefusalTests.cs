using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Engine;

/// <summary>A store that answers, but takes some keys and tags never: it is not away, and the others go on.</summary>
[Collection(RunsAlone.Name)]
public sealed class RefusalTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refused_AgainAndAgain_TheStoreIsNotAway()
    {
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.Refuses = static subject => subject.StartsWith("bad", StringComparison.Ordinal);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(EntryWriteStatus.LocalOnly, (await fleet[0].Cache.SetAsync($"bad{i}", 1, options: null, cancellationToken: Stop)).Status);
        }

        Assert.Equal(EntryWriteStatus.Stored, (await fleet[0].Cache.SetAsync("good", 1, options: null, cancellationToken: Stop)).Status);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.True(fleet[0].Cache.Node.Journal.IsEmpty); // told to the store, which does not want it
    }

    [Fact]
    public async Task StoreBack_TheProbeIsRefused_IsAnAnswer()
    {
        await using var fleet = new SimulatedFleet(1);
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);
        Assert.True(fleet[0].Cache.Node.StoreIsAway);

        fleet[0].Store.RefusesToRead = static subject => subject == "*"; // what the probe asks for
        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        Assert.False(fleet[0].Cache.Node.StoreIsAway);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("tag")]
    [InlineData("all")]
    public async Task StoreBack_ARefusalAmongWhatIsRepeated_DoesNotKeepItAway(string refused)
    {
        await using var fleet = new SimulatedFleet(2, options: options => options.JournalCapacity = refused == "all" ? 0 : 100);
        await fleet[0].Cache.SetAsync("good", 1, cancellationToken: Stop);
        await fleet[0].Cache.SetAsync("tagged", 1, tags: ["good tag"], cancellationToken: Stop);
        Assert.Equal(1, (await fleet[1].Cache.TryGetAsync<int>("good", Stop)).Value);
        Assert.Equal(1, (await fleet[1].Cache.TryGetAsync<int>("tagged", Stop)).Value);
        fleet[0].Store.Refuses = subject => subject == (refused == "all" ? "*" : $"bad {refused}");
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);
        Assert.True(fleet[0].Cache.Node.StoreIsAway);

        await fleet[0].Cache.RemoveAsync("bad key", Stop);
        await fleet[0].Cache.RemoveAsync("good", Stop);
        await fleet[0].Cache.RemoveByTagAsync(["bad tag", "good tag"], Stop);
        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(2));

        Assert.False(fleet[0].Cache.Node.StoreIsAway);
        Assert.True(fleet[0].Cache.Node.Journal.IsEmpty);
        if (refused == "all") return; // too much happened to be told but as a whole, which the store refuses: it is logged
        Assert.False((await fleet[1].Cache.TryGetAsync<int>("good", Stop)).Found);
        Assert.False((await fleet[1].Cache.TryGetAsync<int>("tagged", Stop)).Found);
    }
}
