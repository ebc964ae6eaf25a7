using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>Two servers change roles under the client's connections, without a sentinel that cuts them.</summary>
public sealed class DemotedServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // for a while there is no primary
    public async Task RolesSwapped_WritesGoToTheNewPrimary(bool isPromotedFirst)
    {
        RedisServers.SkipWithoutServer();
        await using var first = await RedisServerProcess.StartAsync();
        await using var second = await RedisServerProcess.StartAsync("--replicaof", $"127.0.0.1 {first.Port}");
        await Eventually.HoldsAsync(() => ((string)second.Ask("INFO", "replication")!).Contains("master_link_status:up", StringComparison.Ordinal));
        await using var store = await RedisNodes.OpenPatientAsync($"{first.Address},{second.Address}");
        await store.SetAsync(Write("before"), Token);

        if (isPromotedFirst)
        {
            second.Ask("REPLICAOF", "NO", "ONE");
            first.Ask("REPLICAOF", "127.0.0.1", second.Port);
        }
        else
        {
            first.Ask("REPLICAOF", "127.0.0.1", second.Port);
            await Eventually.HoldsAsync(async () => !await IsWrittenAsync() && store.Connection.Link!.Topology!.Primaries[0].Server.IsReplica); // the client knows it
            second.Ask("REPLICAOF", "NO", "ONE");
        }

        await Eventually.HoldsAsync(IsWrittenAsync);
        Assert.Equal(1L, second.Ask("EXISTS", "after"));

        async Task<bool> IsWrittenAsync()
        {
            try
            {
                return (await store.SetAsync(Write("after"), Token)).Stored;
            }
            catch (CacheStoreException)
            {
                return false;
            }
        }
    }

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });
}
