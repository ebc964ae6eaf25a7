using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>A primary and a replica that three sentinels watch.</summary>
/// <remarks>
/// When a primary fails, StackExchange.Redis asks the sentinels in blocking calls on the thread pool's threads: for seconds every other
/// test of the process would wait for a thread.
/// </remarks>
[Collection(RunsAlone.Name)]
public sealed class SentinelTests : IAsyncLifetime
{
    private readonly List<RedisServerProcess> _servers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        var primary = await StartAsync();
        var replica = await StartAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        await Eventually.HoldsAsync(
            () => ((string)primary.Ask("INFO", "replication")!).Contains("state=online", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++)
        {
            _servers.Add(await RedisServerProcess.StartSentinelAsync(
                $"sentinel monitor main 127.0.0.1 {primary.Port} 2", "sentinel down-after-milliseconds main 700",
                "sentinel failover-timeout main 3000"));
        }

        foreach (var sentinel in _servers.Skip(2))
        {
            await Eventually.HoldsAsync(
                () => sentinel.Ask("SENTINEL", "SENTINELS", "main") is object?[] { Length: 2 }
                    && sentinel.Ask("SENTINEL", "REPLICAS", "main") is object?[] { Length: 1 },
                TimeSpan.FromSeconds(20),
                "the sentinels know each other and the replica");
        }

        Assert.NotEqual(primary.Port, replica.Port);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task PrimaryKilled_SentinelsElectTheReplica_TheStoreFollows()
    {
        var address = $"{string.Join(',', _servers.Skip(2).Select(sentinel => sentinel.Address))},serviceName=main";
        await using var store = await RedisNodes.OpenAsync(address);
        var heard = new RecordingSubscriber();
        await using var subscription = store.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        await store.SetAsync(Write("before"), Token);

        await _servers[0].KillAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await store.SetAsync(Write("after"), Token)).Stored;
                }
                catch (CacheStoreException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(25));

        Assert.StartsWith("KES1", (string)_servers[1].Ask("GET", "after")!, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => heard.ServerChanged > 0 && heard.Lost > 0);
        var alive = heard.Alive;
        await Eventually.HoldsAsync(() => heard.Alive > alive);
    }

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });

    private async Task<RedisServerProcess> StartAsync(params string[] arguments)
    {
        var server = await RedisServerProcess.StartAsync(arguments);
        _servers.Add(server);
        return server;
    }
}
