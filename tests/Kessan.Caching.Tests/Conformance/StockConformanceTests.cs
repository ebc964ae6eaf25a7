using Kessan.Testing.Simulation;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Conformance;

/// <summary>The conformance suite over Microsoft's HybridCache: it shows that the suite asks for nothing of our own.</summary>
public sealed class StockConformanceTests : HybridCacheConformance
{
    private SharedDistributedCache? _shared;

    protected override (HybridCache Cache, IAsyncDisposable Owner) Create(Action<IServiceCollection>? configure = null)
    {
        var node = new StockNode(Time, _shared = new SharedDistributedCache(Time), configure);
        return (node.Cache, node);
    }

    protected override Task WrittenAsync(int count) => Settle.UntilAsync(() => _shared!.Count == count);
}
