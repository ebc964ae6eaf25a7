using BenchmarkDotNet.Attributes;
using Kessan.Caching;
using Kessan.Caching.Storage.Memory;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Benchmarks;

/// <summary>What an operation pays for a store that is away, once the breaker is open: the same operation without any store beside it.</summary>
[Config(typeof(BenchmarkConfig))]
[MemoryDiagnoser]
public class BreakerBenchmarks
{
    private static readonly HybridCacheEntryOptions PastL1 = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };

    private ServiceProvider _aloneServices = null!;
    private ServiceProvider _awayServices = null!;
    private KessanHybridCache _alone = null!;
    private KessanHybridCache _away = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var store = new SimulatedStore(new InMemoryCacheStore(new InMemoryCacheServer()));
        _aloneServices = Caches.KessanAlone();
        _awayServices = Caches.Kessan(store);
        _alone = _aloneServices.GetRequiredService<KessanHybridCache>();
        _away = _awayServices.GetRequiredService<KessanHybridCache>();
        store.IsAway = true;
        for (var i = 0; i < 5; i++) await _away.TryGetAsync<int>("open the breaker");
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _awayServices.DisposeAsync();
        await _aloneServices.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<Quote> Miss_WithoutAStore()
        => _alone.GetOrCreateAsync("k", Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote), PastL1);

    [Benchmark]
    public ValueTask<Quote> Miss_BreakerOpen()
        => _away.GetOrCreateAsync("k", Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote), PastL1);

    [Benchmark]
    public ValueTask Remove_WithoutAStore() => _alone.RemoveAsync("k");

    [Benchmark]
    public ValueTask Remove_BreakerOpen() => _away.RemoveAsync("k");
}
