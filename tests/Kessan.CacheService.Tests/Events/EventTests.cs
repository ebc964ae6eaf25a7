using System.Net;
using System.Text.Json;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.Configuration;

namespace Kessan.CacheHost.Tests.Events;

public sealed class EventTests
{
    [Fact]
    public async Task Events_Changes_AreToldInOrderWithVersions()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var events = await EventReader.OpenAsync(node.Client);
        var start = (await events.NextAsync())!.Value;

        var put = await node.Client.PutTextAsync("v1/entries/k?tag=t", "1");
        await node.Client.SendAsync(HttpMethod.Delete, "v1/entries/k");
        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/t");
        await node.Client.SendAsync(HttpMethod.Post, "v1/leases/k?duration=30000", ("Kessan-Lease", "n"));
        await node.Client.SendAsync(HttpMethod.Delete, "v1/leases/k", ("Kessan-Lease", "n"));

        Assert.Equal("text/event-stream", events.Response.Header("Content-Type"));
        Assert.Equal(($"{events.Response.Header("Kessan-Node")}:0", null), (start.Id, start.Data));
        var set = (await events.NextAsync())!.Value;
        Assert.Equal("key", set.Name);
        Assert.Equal(
            $$"""{"key":"k","change":"set","version":{{put.Header("ETag")!.Trim('"')}}}""", set.Data);
        var removed = (await events.NextAsync())!.Value;
        Assert.Equal("removed", Field(removed.Data, "change"));
        var tag = (await events.NextAsync())!.Value;
        Assert.Equal(("tag", "t"), (tag.Name, Field(tag.Data, "tag")));
        var lease = (await events.NextAsync())!.Value;
        Assert.Equal(("lease", "k"), (lease.Name, Field(lease.Data, "key")));
        Assert.EndsWith(":4", lease.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_OfAnotherReplica_AreToldToo()
    {
        var server = new InMemoryCacheServer();
        await using var node = await ServiceNode.StartAsync(server);
        await using var other = await ServiceNode.StartAsync(server);
        await using var events = await EventReader.OpenAsync(node.Client);
        await events.NextAsync();

        await other.Client.PutTextAsync("v1/entries/k", "1");

        Assert.Equal("k", Field((await events.NextAsync())!.Value.Data, "key"));
    }

    [Fact]
    public async Task Events_LastEventId_GoOnFromThere()
    {
        await using var node = await ServiceNode.StartAsync();
        string? id;
        await using (var first = await EventReader.OpenAsync(node.Client))
        {
            await first.NextAsync();
            await node.Client.PutTextAsync("v1/entries/a", "1");
            id = (await first.NextAsync())!.Value.Id;
        }

        await node.Client.PutTextAsync("v1/entries/b", "1");
        await node.Client.PutTextAsync("v1/entries/c", "1");
        await using var second = await EventReader.OpenAsync(node.Client, id);

        Assert.Equal("b", Field((await second.NextAsync())!.Value.Data, "key"));
        Assert.Equal("c", Field((await second.NextAsync())!.Value.Data, "key"));
    }

    [Theory]
    [InlineData("another-node:0")]
    [InlineData("{0}:1000")]
    [InlineData("{0}:-1")]
    [InlineData("{0}:x")]
    [InlineData("{0}")]
    [InlineData("nonsense")]
    public async Task Events_IdUnknown_BeginWithReset(string id)
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/a", "1");
        await Testing.Eventually.HoldsAsync(() => node.Get<CacheHost.Events.EventLog>().Last == 1);

        await using var events = await EventReader.OpenAsync(node.Client, id.Replace("{0}", node.Get<NodeIdentity>().Name, StringComparison.Ordinal));

        var reset = (await events.NextAsync())!.Value;
        Assert.Equal(("reset", "unknown_id"), (reset.Name, Field(reset.Data, "reason")));
        Assert.EndsWith(":1", reset.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_IdOlderThanTheRing_BeginWithReset()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Events:Ring"] = "16" });
        var name = node.Get<NodeIdentity>().Name;
        for (var i = 0; i < 20; i++) await node.Client.PutTextAsync("v1/entries/a", $"{i}");
        await Testing.Eventually.HoldsAsync(() => node.Get<CacheHost.Events.EventLog>().Last == 20);

        await using var old = await EventReader.OpenAsync(node.Client, $"{name}:3");
        await using var just = await EventReader.OpenAsync(node.Client, $"{name}:4");

        Assert.Equal("reset", (await old.NextAsync())!.Value.Name);
        Assert.Equal($"{name}:5", (await just.NextAsync())!.Value.Id);
    }

    [Fact]
    public async Task Events_MessagesLost_Reset()
    {
        var server = new InMemoryCacheServer();
        await using var node = await ServiceNode.StartAsync(server);
        await using var other = await ServiceNode.StartAsync(server);
        await other.Client.PutTextAsync("v1/entries/a", "1");
        await using var events = await EventReader.OpenAsync(node.Client);
        await events.NextAsync();

        node.Store!.Fate = message => message.Subject == "lost" ? Testing.Simulation.MessageFate.Lose : Testing.Simulation.MessageFate.Deliver;
        await other.Client.PutTextAsync("v1/entries/lost", "1");

        for (var item = await events.NextAsync(); item!.Value.Name != "reset"; item = await events.NextAsync())
        {
            Assert.NotEqual("lost", Field(item.Value.Data, "key"));
        }
    }

    [Fact]
    public async Task Events_KeyKeptToPrefixes_HearsOfNoOthersAndSeesNoHole()
    {
        await using var node = await ServiceNode.StartAsync();
        using var prices = node.NewClient(ServiceNode.PricesKey);
        await using var events = await EventReader.OpenAsync(prices);
        await events.NextAsync();

        await node.Client.PutTextAsync("v1/entries/news_data:1:all", "1");
        await node.Client.PutTextAsync("v1/entries/stock_price:1:latest", "1");

        var hidden = (await events.NextAsync())!.Value;
        Assert.Null(hidden.Data);
        Assert.EndsWith(":1", hidden.Id, StringComparison.Ordinal);
        Assert.Equal("stock_price:1:latest", Field((await events.NextAsync())!.Value.Data, "key"));
    }

    [Fact]
    public async Task Events_Heartbeats_TellThatTheChannelIsWhole()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var events = await EventReader.OpenAsync(node.Client);

        await Testing.Eventually.HoldsAsync(async () => (await events.HeartbeatAsync()).Silence is not null);
        await using var stalls = new Testing.StallWatch();
        var first = await events.HeartbeatAsync();
        var second = await events.HeartbeatAsync();

        Assert.InRange(second.Uptime - first.Uptime, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2) + stalls.Total);
        Assert.True(second.Silence < TimeSpan.FromSeconds(2) + stalls.Total);
    }

    [Fact]
    public async Task Events_StoreSilent_TheHeartbeatsSaySo()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var events = await EventReader.OpenAsync(node.Client);
        await Testing.Eventually.HoldsAsync(async () => (await events.HeartbeatAsync()).Silence is not null);
        node.Store!.IsDeaf = true;

        await Testing.Eventually.HoldsAsync(async () => (await events.HeartbeatAsync()).Silence > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Events_AnotherServer_ResetSaysSo()
    {
        var server = new InMemoryCacheServer();
        await using var node = await ServiceNode.StartAsync(server);
        await using var events = await EventReader.OpenAsync(node.Client);
        await events.NextAsync();

        server.ForgetSince(DateTimeOffset.MaxValue);

        var reset = (await events.NextAsync())!.Value;
        Assert.Equal(("reset", "server_changed"), (reset.Name, Field(reset.Data, "reason")));
    }

    [Fact]
    public async Task Log_ReaderFarBehind_TakesSomeAtATime()
    {
        await using var node = await ServiceNode.StartAsync();
        var log = node.Get<CacheHost.Events.EventLog>();
        for (var i = 0; i < 30; i++) await node.Client.PutTextAsync("v1/entries/a", $"{i}");
        await Testing.Eventually.HoldsAsync(() => log.Last == 30);
        List<CacheHost.Events.ServiceEvent> events = [];

        var first = log.Read(0, events, 20)!.Value;
        var taken = events.Count;
        var second = log.Read(first.Position, events, 20)!.Value;

        Assert.Equal((20, 20L), (taken, first.Position));
        Assert.Null(first.WholeAt);
        Assert.Same(Task.CompletedTask, first.News);
        Assert.Equal((10, 30L), (events.Count, second.Position));
        Assert.NotSame(Task.CompletedTask, second.News); // a heartbeat may have come since
    }

    [Theory]
    [InlineData("00:00:00.500")]
    [InlineData("00:01:00")]
    public async Task Events_KeyRevoked_EndWithinSeconds(string heartbeat)
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Events:Heartbeat"] = heartbeat });
        using var reader = node.NewClient(ServiceNode.ReaderKey);
        await using var events = await EventReader.OpenAsync(reader);
        await events.NextAsync();
        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();

        await using var stalls = new Testing.StallWatch();
        configuration["Kessan:Security:ApiKeys:0:Key"] = "another-key";
        configuration.Reload();
        var revoked = TimeProvider.System.GetTimestamp();

        Assert.Null(await events.NextAsync());
        Assert.True(TimeProvider.System.GetElapsedTime(revoked) - stalls.Total < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Events_ServiceStops_AreToldAndEnd()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var events = await EventReader.OpenAsync(node.Client);
        await events.NextAsync();

        var stopping = node.App.StopAsync(TestContext.Current.CancellationToken);
        var notice = await events.NextAsync();
        var end = await events.NextAsync();
        await stopping;

        Assert.Equal("stopping", notice?.Name);
        Assert.Null(end);
    }

    [Fact]
    public async Task Events_MoreStreamsThanAllowed_AreShed()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:EventStreamsAtOnce"] = "1" });
        await using var events = await EventReader.OpenAsync(node.Client);
        await events.NextAsync();

        var shed = await node.Client.SendAsync(HttpMethod.Get, "v1/events");

        await shed.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
    }

    private static string? Field(string? data, string name)
        => data is not null && JsonDocument.Parse(data).RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
}
