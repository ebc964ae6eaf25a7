using Kessan.Caching;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Testing.Simulation;

/// <summary>Some nodes around one in-memory server, under fake time.</summary>
public sealed class SimulatedFleet : IAsyncDisposable
{
    /// <summary>Makes a fleet.</summary>
    public SimulatedFleet(
        int nodes, bool keepStale = false, int seed = 1, Action<KessanCacheOptions>? options = null, Action<IServiceCollection>? configure = null)
    {
        Time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.FromHours(9)));
        Server = new InMemoryCacheServer(Time, new Random(seed), keepStale);
        Nodes = [.. Enumerable.Range(0, nodes).Select(i => new SimulatedNode(
            new SimulatedStore(new InMemoryCacheStore(Server, $"node-{i}")), Time, options, services =>
            {
                services.AddKeyedSingleton<Random>(typeof(KessanHybridCache), new Random(seed + i)); // draws of jitter and early refresh
                configure?.Invoke(services);
            }))];
    }

    /// <summary>The clock of all nodes and of the server.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>What the nodes share.</summary>
    public InMemoryCacheServer Server { get; }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public SimulatedNode this[int node] => Nodes[node];

    /// <summary>Lets time pass in steps, so that heartbeats and renewals come in their order.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(50);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Advance(step);
            await Settle.AllAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
    }
}
