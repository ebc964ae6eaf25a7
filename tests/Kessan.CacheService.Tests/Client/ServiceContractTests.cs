using Kessan.Caching;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Kessan.Testing.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>The contract over two replicas of the service on one store: each node of a test is a consumer of the next replica.</summary>
public abstract class ServiceContract : CacheStoreContract
{
    private readonly List<ServiceNode> _replicas = [];
    private readonly List<ServiceProvider> _consumers = [];

    /// <summary>Starts one replica.</summary>
    private protected abstract Task<ServiceNode> StartReplicaAsync();

    protected override async ValueTask StartAsync()
    {
        for (var i = 0; i < 2; i++) _replicas.Add(await StartReplicaAsync());
    }

    protected override async ValueTask StopAsync()
    {
        foreach (var consumer in _consumers) await consumer.DisposeAsync();
        foreach (var replica in _replicas) await replica.DisposeAsync();
    }

    // The service compares tags before it answers.
    protected override async ValueTask<TagGeneration[]> ValidAsync(params TagGeneration[] tags)
    {
        var generations = await Store.GetTagGenerationsAsync([.. tags.Select(tag => tag.Tag)], Cancelled);
        return [.. tags.Zip(generations, (tag, generation) => tag with { Generation = generation })];
    }

    protected override IEnumerable<TagGeneration> Written(IReadOnlyList<TagGeneration> tags) => tags.Where(tag => tag.Tag != "*");

    protected override string SenderOf(ICacheStore cause, ICacheStore hearer)
        => _replicas[_consumers.FindIndex(consumer => ReferenceEquals(consumer.Store(), hearer)) % _replicas.Count].Get<NodeIdentity>().Name;

    protected override ValueTask<ICacheStore> OpenNodeAsync()
    {
        var consumer = ServiceStores.Open(_replicas[_consumers.Count % _replicas.Count].Address);
        _consumers.Add(consumer);
        return new(consumer.Store());
    }
}

/// <summary>Over a store in memory.</summary>
public sealed class ServiceContractTests : ServiceContract
{
    private readonly InMemoryCacheServer _server = new();

    private protected override Task<ServiceNode> StartReplicaAsync() => ServiceNode.StartAsync(_server);
}

/// <summary>Over one redis-server.</summary>
public sealed class ServiceOverRedisContractTests(OwnRedisServer server) : ServiceContract, IClassFixture<OwnRedisServer>
{
    private protected override async Task<ServiceNode> StartReplicaAsync()
    {
        RedisServers.SkipWithoutServer();
        var node = await ServiceNode.StartAsync(hasStore: false, settings: RedisServers.Patient(server.Address));
        await Testing.Eventually.HoldsAsync(() => node.Get<CacheManager>().GetHealth() is { IsConnected: true, IsCoherent: true });
        return node;
    }
}
