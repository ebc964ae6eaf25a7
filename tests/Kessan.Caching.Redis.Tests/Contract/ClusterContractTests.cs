using Kessan.Caching.Redis.Keys;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Contract;

/// <summary>The contract over a cluster of three primaries, which refuses scripts that touch several slots.</summary>
public sealed class ClusterContractTests(RedisServers servers) : CacheStoreContract
{
    protected override async ValueTask<ICacheStore> OpenNodeAsync()
        => await RedisNodes.OpenPatientAsync((await servers.ClusterAsync()).Nodes);

    [Fact]
    public async Task ScriptsFlushed_OnEveryPrimary_OperationsLoadThemAgain()
    {
        var cluster = await servers.ClusterAsync();
        string[] keys = [.. Enumerable.Range(0, 30).Select(i => Unique($"flush:{i}"))];
        for (var round = 0; round < 3; round++)
        {
            foreach (var server in cluster.Servers.Take(3)) server.Ask("SCRIPT", "FLUSH");
            Assert.All(await Store.SetManyAsync([.. keys.Select(key => new StoreWrite(key, Entry("x")))], Cancelled), result => Assert.True(result.Stored));
            foreach (var server in cluster.Servers.Take(3)) server.Ask("SCRIPT", "FLUSH");
            await Store.RemoveTagsAsync([Unique("tag"), "stock:9"], Cancelled);
            foreach (var server in cluster.Servers.Take(3)) server.Ask("SCRIPT", "FLUSH");
            Assert.All(await Store.RemoveManyAsync(keys, Cancelled), removal => Assert.True(removal.Existed));
        }
    }

    [Fact]
    public async Task MayNotPublish_Writes_AreRefusedAndLeaveNothing()
    {
        var cluster = await servers.ClusterAsync();
        foreach (var server in cluster.Servers) server.Ask("ACL", "SETUSER", "silent", "on", ">p@ss", "~*", "resetchannels", "+@all");
        var nodes = string.Join(',', cluster.Servers.Select(server => $"redis://silent:p%40ss@{server.Address}"));
        await using var silent = await RedisNodes.OpenPatientAsync(nodes);
        foreach (var key in Enumerable.Range(0, 6).Select(i => Unique($"silent:{i}")))
        {
            var refusal = await Assert.ThrowsAsync<CacheStoreException>(() => silent.SetAsync(new StoreWrite(key, Entry("x")), Cancelled).AsTask());
            Assert.True(refusal.IsRefusal);
            Assert.Null((await Store.GetAsync(key, StoreReadOptions.Default, Cancelled)).Entry);
        }
    }

    [Fact]
    public async Task OtherProgram_SetsAndDeletes_IsHeardOnEveryPrimary()
    {
        var cluster = await servers.ClusterAsync();
        foreach (var server in cluster.Servers) server.Ask("CONFIG", "SET", "notify-keyspace-events", "Kg$");
        await using var store = await RedisNodes.OpenPatientAsync(cluster.Nodes, options => options.KeyspaceNotifications = true);
        var heard = new RecordingSubscriber();
        await using var subscription = store.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);

        string[] keys = [.. Enumerable.Range(0, 9).Select(i => Unique($"foreign:{i}"))];
        Assert.Equal(3, keys.Select(key => cluster.PrimaryOf(HashSlot.Of(key)).Port).Distinct().Count());
        foreach (var key in keys) cluster.PrimaryOf(HashSlot.Of(key)).Ask("SET", key, "theirs");

        await Eventually.HoldsAsync(() => keys.All(key => heard.Of(StoreMessageKind.Set, key).Any(message => message.Sender == "foreign")));
    }
}

/// <summary>The contract over a cluster one of whose primaries died: a replica stands in its place.</summary>
public sealed class ClusterAfterFailoverContractTests(ClusterAfterFailover cluster) : CacheStoreContract, IClassFixture<ClusterAfterFailover>
{
    protected override async ValueTask<ICacheStore> OpenNodeAsync()
    {
        RedisServers.SkipWithoutServer();
        return await RedisNodes.OpenPatientAsync(cluster.Nodes);
    }
}

/// <summary>A cluster whose first primary was killed and has been replaced.</summary>
public sealed class ClusterAfterFailover : IAsyncLifetime
{
    private RedisClusterProcesses? _cluster;

    /// <summary>The addresses of those that live; the cluster itself still names the dead one.</summary>
    public string Nodes => string.Join(',', _cluster!.Servers.Skip(1).Select(server => $"redis://{server.Address}"));

    public async ValueTask InitializeAsync()
    {
        if (RedisServerProcess.Missing is not null) return; // the tests say so
        _cluster = await RedisClusterProcesses.StartForFailoverAsync();
        await _cluster.Servers[0].KillAsync();
        await Eventually.HoldsAsync(
            () => _cluster.Servers.Skip(1).All(server => RedisClusterProcesses.PrimaryPort(server, 0) is var port && port != _cluster.Servers[0].Port && port != 0),
            TimeSpan.FromSeconds(20));
        await _cluster.WaitUntilHealthyAsync();
        _cluster.BePatient();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}
