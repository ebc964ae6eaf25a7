using Kessan.Caching.Sessions;
using Kessan.Caching.Storage;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Sessions;

public sealed class SessionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_WrittenAndRead_IsTheSameOnEveryNodeAndNeverInL1()
    {
        await using var fleet = new SimulatedFleet(2);

        var write = await Cache(fleet[0]).SetSessionAsync("user123", new Preferences("dark"), cancellationToken: Stop);
        var read = await Cache(fleet[1]).GetSessionAsync<Preferences>("user123", Stop);

        Assert.Equal(SessionWriteStatus.Stored, write.Status);
        Assert.Equal((SessionStatus.Found, "dark", write.Version), (read.Status, read.Value!.Theme, read.Version));
        Assert.All(fleet.Nodes, node => Assert.Equal(0, Health(node).Entries));
    }

    [Fact]
    public async Task Read_Again_ProlongsUntilTheCap()
    {
        await using var fleet = new SimulatedFleet(1);
        var cache = Cache(fleet[0]);
        await cache.SetSessionAsync("u", new Preferences("dark"), cancellationToken: Stop);

        for (var minutes = 20; minutes <= 700; minutes += 20)
        {
            fleet.Time.Advance(TimeSpan.FromMinutes(20));
            Assert.Equal(SessionStatus.Found, (await cache.GetSessionAsync<Preferences>("u", Stop)).Status);
        }

        var last = await cache.GetSessionAsync<Preferences>("u", Stop);
        Assert.Equal((TimeSpan.FromMinutes(700), TimeSpan.FromMinutes(20)), (last.Age, last.TimeLeft));
        fleet.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(SessionStatus.Missing, (await cache.GetSessionAsync<Preferences>("u", Stop)).Status);
    }

    [Fact]
    public async Task Session_NotReadForHalfAnHour_IsGone()
    {
        await using var fleet = new SimulatedFleet(1);
        await Cache(fleet[0]).SetSessionAsync("u", new Preferences("dark"), cancellationToken: Stop);

        fleet.Time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(SessionStatus.Missing, (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Status);
    }

    [Fact]
    public async Task Write_OfALiveSession_ProlongsItButKeepsItsBeginning()
    {
        await using var fleet = new SimulatedFleet(1);
        var cache = Cache(fleet[0]);
        await cache.SetSessionAsync("u", new Preferences("dark"), cancellationToken: Stop);
        for (var i = 0; i < 28; i++)
        {
            fleet.Time.Advance(TimeSpan.FromMinutes(25));
            Assert.Equal(SessionWriteStatus.Stored, (await cache.SetSessionAsync("u", new Preferences($"{i}"), cancellationToken: Stop)).Status);
        }

        var read = await cache.GetSessionAsync<Preferences>("u", Stop);
        Assert.Equal(("27", TimeSpan.FromMinutes(700), TimeSpan.FromMinutes(20)), (read.Value!.Theme, read.Age, read.TimeLeft));
        fleet.Time.Advance(TimeSpan.FromMinutes(20));
        await cache.SetSessionAsync("u", new Preferences("new"), cancellationToken: Stop);
        Assert.Equal(TimeSpan.Zero, (await cache.GetSessionAsync<Preferences>("u", Stop)).Age);
    }

    [Fact]
    public async Task Write_WithAnOldVersion_IsRefused()
    {
        await using var fleet = new SimulatedFleet(2);
        var first = await Cache(fleet[0]).SetSessionAsync("u", new Preferences("a"), version: 0, cancellationToken: Stop);
        var second = await Cache(fleet[1]).SetSessionAsync("u", new Preferences("b"), first.Version, Stop);

        var late = await Cache(fleet[0]).SetSessionAsync("u", new Preferences("c"), first.Version, Stop);
        var anew = await Cache(fleet[0]).SetSessionAsync("u", new Preferences("d"), version: 0, cancellationToken: Stop);

        Assert.Equal((SessionWriteStatus.Refused, second.Version), (late.Status, late.Version));
        Assert.Equal((SessionWriteStatus.Refused, second.Version), (anew.Status, anew.Version));
        Assert.Equal("b", (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Value!.Theme);
    }

    [Fact]
    public async Task Writes_ThatRaceWithAVersion_OneWins()
    {
        await using var fleet = new SimulatedFleet(5);
        var first = await Cache(fleet[0]).SetSessionAsync("u", new Preferences("a"), cancellationToken: Stop);

        var writes = await Task.WhenAll(fleet.Nodes.SelectMany(node => Enumerable.Range(0, 20).Select(i => Task.Run(
            async () => await Cache(node).SetSessionAsync("u", new Preferences($"{i}"), first.Version, Stop), Stop))));

        Assert.Equal(1, writes.Count(write => write.Status == SessionWriteStatus.Stored));
    }

    [Fact]
    public async Task Remove_ASession_EndsIt()
    {
        await using var fleet = new SimulatedFleet(2);
        await Cache(fleet[0]).SetSessionAsync("u", new Preferences("a"), cancellationToken: Stop);

        Assert.True(await Cache(fleet[1]).RemoveSessionAsync("u", Stop));

        Assert.False(await Cache(fleet[1]).RemoveSessionAsync("u", Stop));
        Assert.Equal(SessionStatus.Missing, (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Status);
    }

    [Fact]
    public async Task InvalidatingEverything_EndsSessionsToo()
    {
        await using var fleet = new SimulatedFleet(2);
        await Cache(fleet[0]).SetSessionAsync("u", new Preferences("a"), cancellationToken: Stop);

        await fleet[1].Cache.RemoveByTagAsync("*", Stop);

        Assert.Equal(SessionStatus.Missing, (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Status);
        Assert.Equal(SessionWriteStatus.Stored, (await Cache(fleet[0]).SetSessionAsync("u", new Preferences("b"), version: 0, cancellationToken: Stop)).Status);
        Assert.Equal("b", (await Cache(fleet[1]).GetSessionAsync<Preferences>("u", Stop)).Value!.Theme);
    }

    [Fact]
    public async Task TheStoreAway_EveryOperation_SaysSo()
    {
        await using var fleet = new SimulatedFleet(1);
        await Cache(fleet[0]).SetSessionAsync("u", new Preferences("a"), cancellationToken: Stop);
        fleet[0].Store.IsAway = true;

        Assert.Equal(SessionStatus.Unavailable, (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Status);
        Assert.Equal(SessionWriteStatus.Unavailable, (await Cache(fleet[0]).SetSessionAsync("u", new Preferences("b"), cancellationToken: Stop)).Status);
        Assert.Null(await Cache(fleet[0]).RemoveSessionAsync("u", Stop));
    }

    [Fact]
    public async Task AWrite_ThatWasNotAcknowledged_IsNotRepeatedWhenTheStoreIsBack()
    {
        await using var fleet = new SimulatedFleet(2);
        await Cache(fleet[0]).SetSessionAsync("u", new Preferences("a"), cancellationToken: Stop);
        fleet[0].Store.IsAway = true;
        await Cache(fleet[0]).SetSessionAsync("u", new Preferences("lost"), cancellationToken: Stop);

        fleet[0].Store.IsAway = false;
        await fleet.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal("a", (await Cache(fleet[1]).GetSessionAsync<Preferences>("u", Stop)).Value!.Theme);
    }

    [Fact]
    public async Task Ended_WhileTheStoreDidNotAnswer_IsNotServedOnceItAnswersAgain()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L2FailuresUntilOpen = 1000);
        await Cache(fleet[0]).SetSessionAsync("u", new Preferences("a"), cancellationToken: Stop);
        fleet[0].Store.IsAway = true;
        Assert.Null(await Cache(fleet[0]).RemoveSessionAsync("u", Stop));

        fleet[0].Store.IsAway = false; // the store has not been told yet
        Assert.NotEqual(SessionStatus.Found, (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Status);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(SessionStatus.Missing, (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Status);
    }

    [Fact]
    public async Task Write_OverThePayloadLimit_SaysSoAsAnArgument()
    {
        await using var fleet = new SimulatedFleet(1);
        await Assert.ThrowsAsync<ArgumentException>(() => Cache(fleet[0]).SetSessionAsync("u", new string('x', 2 << 20), cancellationToken: Stop).AsTask());
    }

    [Fact]
    public async Task NoStoreAtAll_EveryOperation_SaysSo()
    {
        var services = new ServiceCollection();
        services.AddKessanCaching();
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<CacheService>();

        Assert.Equal(SessionWriteStatus.Unavailable, (await cache.SetSessionAsync("u", new Preferences("b"), cancellationToken: Stop)).Status);
        Assert.Equal(SessionStatus.Unavailable, (await cache.GetSessionAsync<Preferences>("u", Stop)).Status);
        Assert.Null(await cache.RemoveSessionAsync("u", Stop));
    }

    [Fact]
    public async Task Bytes_WithAMediaType_PassThrough()
    {
        await using var fleet = new SimulatedFleet(2);
        var bytes = new StoredEntry { Payload = "<p>"u8.ToArray(), ContentType = "text/html", Traits = StoredEntryTraits.Raw, Lifetime = TimeSpan.FromDays(9) };

        await Cache(fleet[0]).SetSessionAsync("u", bytes, cancellationToken: Stop);
        var read = (await Cache(fleet[1]).GetSessionAsync<StoredEntry>("u", Stop)).Value!;

        Assert.Equal(("text/html", 3, TimeSpan.FromMinutes(30)), (read.ContentType, read.Payload.Length, read.Lifetime));
        Assert.Equal(StoredEntryTraits.Raw | StoredEntryTraits.Sliding | StoredEntryTraits.NoLocalCache, read.Traits);
    }

    [Fact]
    public async Task Manager_SetAndGet_IsTheSameSession()
    {
        await using var fleet = new SimulatedFleet(1);
        var manager = fleet[0].Services.GetRequiredService<CacheManager>();

        Assert.Null(await manager.GetSessionAsync<Preferences>("u", Stop));
        Assert.True(await manager.SetSessionAsync("u", new Preferences("dark"), Stop));

        Assert.Equal("dark", (await manager.GetSessionAsync<Preferences>("u", Stop))!.Theme);
        Assert.Equal("dark", (await Cache(fleet[0]).GetSessionAsync<Preferences>("u", Stop)).Value!.Theme);
    }

    private static CacheService Cache(SimulatedNode node) => node.Services.GetRequiredService<CacheService>();

    private static Statistics.CacheHealth Health(SimulatedNode node) => node.Services.GetRequiredService<CacheManager>().GetHealth();

    private sealed record Preferences(string Theme);
}
