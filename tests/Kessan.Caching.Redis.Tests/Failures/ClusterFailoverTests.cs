using Kessan.Caching.Redis.Keys;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>A primary of a cluster dies and its replica takes over.</summary>
public sealed class ClusterFailoverTests : IAsyncLifetime
{
    private RedisClusterProcesses _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _cluster = await RedisClusterProcesses.StartForFailoverAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task PrimaryKilled_ItsReplicaTakesOver_EverythingWorksAgain()
    {
        await using var store = await RedisNodes.OpenPatientAsync(_cluster.Nodes);
        await using var other = await RedisNodes.OpenPatientAsync(_cluster.Nodes);
        var heard = new RecordingSubscriber();
        await using var subscription = other.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        var key = "failover";
        var elsewhere = Enumerable.Range(0, 1000).Select(i => $"elsewhere:{i}")
            .First(name => _cluster.PrimaryOf(HashSlot.Of(name)).Port != _cluster.PrimaryOf(HashSlot.Of(key)).Port);
        await SetAsync(key);

        var primary = _cluster.PrimaryOf(HashSlot.Of(key));
        await primary.KillAsync();

        // The others go on meanwhile.
        await Eventually.HoldsAsync(() => TriesAsync(elsewhere));
        await Eventually.HoldsAsync(() => TriesAsync(key), TimeSpan.FromSeconds(20));
        await Eventually.HoldsAsync(() => heard.ServerChanged > 0);
        var alive = heard.Alive;
        await Eventually.HoldsAsync(() => heard.Alive > alive);
        var version = await SetAsync("after the failover");
        Assert.Equal(version, (await heard.NextAsync(StoreMessageKind.Set, "after the failover")).Version);
        Assert.NotNull((await store.GetAsync(key, StoreReadOptions.Default, Token)).Entry);

        // The old primary comes back as a replica.
        await primary.StartAsync();
        await _cluster.WaitUntilHealthyAsync();
        await Eventually.HoldsAsync(() => TriesAsync(key));

        async Task<long> SetAsync(string name)
            => (await store.SetAsync(new StoreWrite(name, Entry()), Token)).Version;

        async Task<bool> TriesAsync(string name)
        {
            try
            {
                return await SetAsync(name) > 0;
            }
            catch (CacheStoreException)
            {
                return false;
            }
        }
    }

    private static StoredEntry Entry() => new() { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) };
}
