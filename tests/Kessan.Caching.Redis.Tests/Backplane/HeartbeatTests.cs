using System.Text;
using Kessan.Caching.Redis.Backplane;
using Kessan.Caching.Storage;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Backplane;

/// <summary>What a heartbeat proves.</summary>
public sealed class HeartbeatTests(RedisServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The client hands on what it had read before the channel was cut after it has said that it was.
    [Fact]
    public async Task Heartbeat_SentBeforeALoss_ProvesNothingAfterIt()
    {
        var server = await servers.SingleAsync();
        await using var store = await RedisNodes.OpenPatientAsync(server.Address, options => options.HeartbeatInterval = TimeSpan.FromDays(1));
        await using var other = await RedisNodes.OpenPatientAsync(server.Address);
        var heard = new RecordingSubscriber();
        await using var subscription = store.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        var link = store.Connection.Link!;
        var sentAt = TimeProvider.System.GetTimestamp();

        store.Backplane.Lose();
        var alive = heard.Alive;
        await BeatAsync(sentAt);
        await other.SetAsync(new("after", new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(1) }), Token);
        await heard.NextAsync(StoreMessageKind.Set, "after");

        Assert.Equal(alive, heard.Alive);
        await BeatAsync(TimeProvider.System.GetTimestamp());
        await Eventually.HoldsAsync(() => heard.Alive > alive);

        Task BeatAsync(long at)
        {
            var shard = link.Primaries[0];
            long last;
            lock (shard.Gate) last = shard.Sequence;
            var message = MessageFormat.Encode(StoreMessageKind.Heartbeat, Encoding.ASCII.GetBytes(store.NodeId), shard.Id, last, at);
            return shard.Server.ExecuteAsync("PUBLISH", [link.Channel, message]);
        }
    }
}
