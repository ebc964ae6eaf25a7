using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>Two servers change roles under the client's connections, without a sentinel that cuts them.</summary>
public sealed class DemotedServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RolesSwapped_WritesGoToTheNewPrimary()
    {
        RedisServers.SkipWithoutServer();
        await using var first = await RedisServerProcess.StartAsync();
        await using var second = await RedisServerProcess.StartAsync("--replicaof", $"127.0.0.1 {first.Port}");
        await Eventually.HoldsAsync(() => ((string)second.Ask("INFO", "replication")!).Contains("master_link_status:up", StringComparison.Ordinal));
        await using var store = await RedisNodes.OpenPatientAsync($"{first.Address},{second.Address}");
        await store.SetAsync(Write("before"), Token);

        second.Ask("REPLICAOF", "NO", "ONE");
        first.Ask("REPLICAOF", "127.0.0.1", second.Port);

        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (await store.SetAsync(Write("after"), Token)).Stored;
            }
            catch (CacheStoreException)
            {
                return false;
            }
        });
        Assert.Equal(1L, second.Ask("EXISTS", "after"));
    }

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });
}
