using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Conformance;

/// <summary>One node with Microsoft's HybridCache under fake time.</summary>
internal sealed class StockNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public StockNode(TimeProvider time, IDistributedCache? shared, Action<IServiceCollection>? configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddHybridCache();
        services.Configure<MemoryCacheOptions>(options => options.Clock = new Clock(time));
        if (shared is not null) services.AddSingleton(shared);
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
        Cache = _services.GetRequiredService<HybridCache>();
    }

    public HybridCache Cache { get; }

    public IServiceProvider Services => _services;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
