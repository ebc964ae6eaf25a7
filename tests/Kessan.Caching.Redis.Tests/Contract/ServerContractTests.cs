using Kessan.Caching.Storage;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Contract;

/// <summary>The contract over one redis-server.</summary>
public sealed class ServerContractTests(RedisServers servers) : CacheStoreContract
{
    protected override async ValueTask<ICacheStore> OpenNodeAsync()
        => await RedisNodes.OpenPatientAsync((await servers.SingleAsync()).Address);
}
