using Kessan.Caching.Storage;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Contract;

/// <summary>The contract over a cluster of three primaries, which refuses scripts that touch several slots.</summary>
public sealed class ClusterContractTests(RedisServers servers) : CacheStoreContract
{
    protected override async ValueTask<ICacheStore> OpenNodeAsync()
        => await RedisNodes.OpenAsync((await servers.ClusterAsync()).Nodes);
}
