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
        await Eventually.HoldsAsync(() =>
        {
            store.Pulse.Wake();
            return heard.Alive > 0;
        });
        var link = store.Connection.Link!;
        var sentAt = TimeProvider.System.GetTimestamp();

        var (alive, aliveAfter, beats) = (0, 0, 0);
        for (var round = 0; beats != 1; round++)
        {
            Assert.True(round < 20, "The node does not stop beating.");
            var before = heard.Messages.Count;
            store.Backplane.Lose();
            alive = heard.Alive;
            await BeatAsync(sentAt);
            await other.SetAsync(new($"after{round}", new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(1) }), Token);
            await heard.NextAsync(StoreMessageKind.Set, $"after{round}");
            aliveAfter = heard.Alive;

            // The node may have been woken to beat itself, which proves something: then once more.
            beats = heard.Messages.Skip(before).Count(message => message.Kind == StoreMessageKind.Heartbeat && message.Sender == store.NodeId);
        }

        Assert.Equal(alive, aliveAfter);
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
