using Kessan.Caching.Storage;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Contract;

/// <summary>The contract over one redis-server, with a prefix, another database and entries kept through their stale window.</summary>
public sealed class StaleKeepingContractTests(RedisServers servers) : CacheStoreContract
{
    protected override async ValueTask<ICacheStore> OpenNodeAsync() => await RedisNodes.OpenPatientAsync(
        $"redis://{(await servers.SingleAsync()).Address}/3",
        options =>
        {
            options.KeyPrefix = "app*1:";
            options.KeepStaleInL2 = true;
        });
}
