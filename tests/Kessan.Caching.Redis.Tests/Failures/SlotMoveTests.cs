using Kessan.Caching.Redis.Keys;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>A slot of a cluster moves from one primary to another while it is used: ASK meanwhile, MOVED afterwards.</summary>
public sealed class SlotMoveTests : IAsyncLifetime
{
    private const string Key = "moving";
    private static readonly int Slot = HashSlot.Of(Key);

    private RedisClusterProcesses _cluster = null!;
    private RedisServerProcess _from = null!;
    private RedisServerProcess _to = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _cluster = await RedisClusterProcesses.StartAsync();
        _from = _cluster.PrimaryOf(Slot);
        _to = _cluster.Servers.Take(3).First(server => server != _from);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task SlotMoves_ReadsGoOn_WritesFollow_NoMessageIsMissing()
    {
        await using var store = await RedisNodes.OpenPatientAsync(_cluster.Nodes);
        await using var other = await RedisNodes.OpenPatientAsync(_cluster.Nodes);
        var heard = new RecordingSubscriber();
        await using var subscription = other.Subscribe(heard);
        var itself = new RecordingSubscriber();
        await using var own = store.Subscribe(itself);
        await Eventually.HoldsAsync(() => heard.Alive > 0 && itself.Alive > 0);
        await store.SetAsync(Write(Key), Token);

        // The slot is open at both ends, and the key is at the new one already: the old one answers ASK.
        _to.Ask("CLUSTER", "SETSLOT", Slot, "IMPORTING", Id(_from));
        _from.Ask("CLUSTER", "SETSLOT", Slot, "MIGRATING", Id(_to));
        Assert.Equal("OK", _from.Ask("MIGRATE", "127.0.0.1", _to.Port, Key, 0, 5000));
        Assert.StartsWith("ASK ", Assert.Throws<InvalidOperationException>(() => _from.Ask("GET", Key)).Message, StringComparison.Ordinal);

        Assert.NotNull((await store.GetAsync(Key, StoreReadOptions.Default, Token)).Entry);
        Assert.NotNull((await store.GetManyAsync([Key, "elsewhere"], StoreReadOptions.Default, Token))[0].Entry);
        var during = store.SetAsync(Write(Key), Token).AsTask();
        Assert.True(await Record.ExceptionAsync(() => during) is null or CacheStoreException);

        // It belongs to the new one: the old one answers MOVED.
        foreach (var server in new[] { _to, _from }) server.Ask("CLUSTER", "SETSLOT", Slot, "NODE", Id(_to));
        Assert.StartsWith("MOVED ", Assert.Throws<InvalidOperationException>(() => _from.Ask("GET", Key)).Message, StringComparison.Ordinal);

        Assert.NotNull((await store.GetAsync(Key, StoreReadOptions.Default, Token)).Entry);
        var version = (await store.SetAsync(Write(Key), Token)).Version;
        Assert.Equal(version, (await store.GetAsync(Key, StoreReadOptions.Default, Token)).Entry!.Version);
        await Eventually.HoldsAsync(() => store.Connection.Link!.ShardOf(Key).Server.EndPoint.ToString()!.EndsWith($":{_to.Port}", StringComparison.Ordinal));
        Assert.Equal(0, itself.ServerChanged); // a primary that gave a slot away lost no writes
        var last = (await store.SetAsync(Write(Key), Token)).Version;
        await Eventually.HoldsAsync(() => heard.Messages.Any(message => message.Version == last));
        await Eventually.HoldsAsync(() => heard.Messages
            .Where(message => message.Sender == store.NodeId && message.Kind != StoreMessageKind.Heartbeat)
            .GroupBy(message => message.Shard)
            .All(shard => shard.Select(message => message.Sequence).Distinct().Order().SequenceEqual(
                Enumerable.Range(1, (int)shard.Max(message => message.Sequence)).Select(number => (long)number))));
    }

    private static string Id(RedisServerProcess server) => (string)server.Ask("CLUSTER", "MYID")!;

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });
}
