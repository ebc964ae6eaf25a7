using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Tests.Storage;

/// <summary>The contract over the in-memory store, with its nodes on one server.</summary>
public sealed class InMemoryContractTests : CacheStoreContract
{
    private readonly InMemoryCacheServer _server = new();

    protected override ValueTask<ICacheStore> OpenNodeAsync() => new(new InMemoryCacheStore(_server));
}
