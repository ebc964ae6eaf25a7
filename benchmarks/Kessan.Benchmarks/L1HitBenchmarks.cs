using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using BitFaster.Caching.Lfu;
using Kessan.Caching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace Kessan.Benchmarks;

/// <summary>
/// A hit in L1 of a small immutable value, beside the caches that .NET programs use. Ours runs over a store, with tags, statistics and early
/// refresh on, as an application would have it.
/// </summary>
[Config(typeof(BenchmarkConfig))]
[MemoryDiagnoser]
public class L1HitBenchmarks
{
    private const string Key = "stock_price:7203:latest";
    private static readonly string[] Tags = ["market", "prime"];

    private readonly ConcurrentDictionary<string, Quote> _dictionary = new();
    private readonly ConcurrentLfu<string, Quote> _lfu = new(10_000);
    private readonly MemoryCache _memory = new(new MemoryCacheOptions());
    private ServiceProvider _stockServices = null!;
    private ServiceProvider _kessanServices = null!;
    private HybridCache _stock = null!;
    private HybridCache _kessan = null!;
    private KessanHybridCache _kessanOwn = null!;
    private FusionCache _fusion = null!;
    private string _ticker = "7203";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _ticker = new string("7203".AsSpan());
        _dictionary[Key] = Quote.Toyota;
        _lfu.AddOrUpdate(Key, Quote.Toyota);
        _memory.Set(Key, Quote.Toyota, TimeSpan.FromHours(1));

        var stock = new ServiceCollection();
        stock.AddHybridCache();
        _stockServices = stock.BuildServiceProvider();
        _stock = _stockServices.GetRequiredService<HybridCache>();

        _kessanServices = Caches.Kessan();
        _kessan = _kessanServices.GetRequiredService<HybridCache>();
        _kessanOwn = _kessanServices.GetRequiredService<KessanHybridCache>();
        foreach (var cache in (HybridCache[])[_stock, _kessan])
        {
            await cache.SetAsync(Key, Quote.Toyota, new() { Expiration = TimeSpan.FromHours(1) }, Tags);
            await cache.SetAsync("untagged", Quote.Toyota, new() { Expiration = TimeSpan.FromHours(1) });
            await cache.SetAsync("mutable", new List<int> { 1, 2, 3 }, new() { Expiration = TimeSpan.FromHours(1) });
        }

        _fusion = new FusionCache(new FusionCacheOptions());
        await _fusion.SetAsync(Key, Quote.Toyota, TimeSpan.FromHours(1), tags: Tags);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _kessanServices.DisposeAsync();
        await _stockServices.DisposeAsync();
        _fusion.Dispose();
        _memory.Dispose();
    }

    [Benchmark]
    public Quote ConcurrentDictionary() => _dictionary[Key];

    [Benchmark]
    public Quote? BitFasterLfu() => _lfu.TryGet(Key, out var quote) ? quote : null;

    [Benchmark]
    public Quote? MemoryCache() => _memory.Get<Quote>(Key);

    [Benchmark(Baseline = true)]
    public ValueTask<Quote> StockHybridCache()
        => _stock.GetOrCreateAsync("untagged", Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote));

    [Benchmark]
    public ValueTask<Quote> StockHybridCache_Tagged()
        => _stock.GetOrCreateAsync(Key, Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote));

    [Benchmark]
    public ValueTask<Quote> StockHybridCache_InterpolatedKey()
        => _stock.GetOrCreateAsync($"stock_price:{_ticker}:latest", Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote));

    [Benchmark]
    public ValueTask<List<int>> StockHybridCache_Mutable()
        => _stock.GetOrCreateAsync("mutable", 0, static (_, _) => ValueTask.FromResult(new List<int>()));

    [Benchmark]
    public ValueTask<Quote> Kessan_Untagged()
        => _kessan.GetOrCreateAsync("untagged", Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote));

    [Benchmark]
    public ValueTask<Quote> Kessan_Tagged()
        => _kessan.GetOrCreateAsync(Key, Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote));

    [Benchmark]
    public ValueTask<Quote> Kessan_InterpolatedKey()
        => _kessan.GetOrCreateAsync($"stock_price:{_ticker}:latest", Quote.Toyota, static (quote, _) => ValueTask.FromResult(quote));

    [Benchmark]
    public ValueTask<List<int>> Kessan_Mutable()
        => _kessan.GetOrCreateAsync("mutable", 0, static (_, _) => ValueTask.FromResult(new List<int>()));

    [Benchmark]
    public ValueTask<CacheLookup<Quote>> Kessan_Lookup() => _kessanOwn.TryGetAsync<Quote>(Key);

    [Benchmark]
    public Quote? FusionCache_TryGet() => _fusion.TryGet<Quote>(Key).Value;

    [Benchmark]
    public ValueTask<Quote> FusionCache_GetOrSet() => _fusion.GetOrSetAsync<Quote>(Key, _ => Task.FromResult(Quote.Toyota)!)!;
}
