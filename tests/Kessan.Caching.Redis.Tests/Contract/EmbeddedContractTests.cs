using Kessan.Caching.Storage;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Contract;

/// <summary>The contract over the embedded server (Garnet).</summary>
public sealed class EmbeddedContractTests(RedisServers servers) : CacheStoreContract
{
    protected override async ValueTask<ICacheStore> OpenNodeAsync()
        => await RedisNodes.OpenPatientAsync((await servers.EmbeddedAsync()).ConnectionString);
}
