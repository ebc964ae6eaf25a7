using Kessan.Caching;
using Kessan.Caching.Trimmed;
using Microsoft.Extensions.DependencyInjection;

// Says how it went in lines that the test reads (tests/Kessan.Caching.Generators.Tests/TrimmedProgramTests.cs).
var stop = CancellationToken.None;
var services = new ServiceCollection();
// Trusted for long: on a busy machine a heartbeat may be late.
services.AddKessanCaching(options => options.TrustDuration = TimeSpan.FromMinutes(1)).UseInMemoryStore().AddJsonContext(AnalysisJson.Default);
services.AddCached<IAnalyst, Analyst>();
await using var provider = services.BuildServiceProvider();
var (analyst, cache) = (provider.GetRequiredService<IAnalyst>(), provider.GetRequiredService<KessanHybridCache>());

var first = await analyst.AnalyseAsync("7203", "short_term", stop);
var second = await analyst.AnalyseAsync("7203", "short_term", stop);
var lookup = await cache.TryGetAsync<Analysis>("ai_analysis:7203:short_term", stop);
Console.WriteLine($"same value: {first == second}, from {lookup.Layer}");

await analyst.RateAsync("7203", stop);
var rating = await analyst.RateAsync("7203", stop);
Console.WriteLine($"look-up: {rating.Value!.Kind} from {rating.Layer}, held: {rating.TimeLeft <= TimeSpan.FromMinutes(1)}");

await analyst.PublishAsync("7203", stop);
Console.WriteLine($"after the invalidation: {(await cache.TryGetAsync<Analysis>("ai_analysis:7203:short_term", stop)).Found}");

await cache.SetAsync("list", new List<Analysis> { first }, cancellationToken: stop);
Console.WriteLine($"copied: {(await cache.TryGetAsync<List<Analysis>>("list", stop)).Value![0] == first}");
