using Kessan.Caching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Testing.Simulation;

/// <summary>One node of a simulated fleet: a cache, as an application would register it, over a store that the test rules.</summary>
public sealed class SimulatedNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <summary>Makes a node; without a store its cache is L1 only.</summary>
    public SimulatedNode(
        SimulatedStore? store, TimeProvider time, Action<KessanCacheOptions>? options = null, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());
        configure?.Invoke(services);
        var builder = services.AddKessanCaching(options);
        if (store is not null) builder.UseStore(_ => store);
        _services = services.BuildServiceProvider();
        Store = store!;
        Cache = _services.GetRequiredService<KessanHybridCache>();
    }

    /// <summary>The cache.</summary>
    public KessanHybridCache Cache { get; }

    /// <summary>Its way to the store.</summary>
    public SimulatedStore Store { get; }

    /// <summary>The node's services.</summary>
    public IServiceProvider Services => _services;

    /// <summary>The cache as Microsoft's abstraction.</summary>
    public HybridCache Hybrid => Services.GetRequiredService<HybridCache>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
