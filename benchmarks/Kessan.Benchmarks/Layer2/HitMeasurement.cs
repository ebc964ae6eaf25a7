using Kessan.Caching;
using Kessan.Caching.Redis;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Benchmarks.Layer2;

/// <summary>
/// An L2 hit of a byte payload, one at a time: at most 1.15 times a raw <c>StringGetAsync</c> is the aim. Every key is read for the first
/// time by the process that reads it, and goes into its L1 where there is one.
/// </summary>
internal static class HitMeasurement
{
    private const int PayloadBytes = 200;

    private static readonly HybridCacheEntryOptions Hour = new() { Expiration = TimeSpan.FromHours(1) };

    public static async Task RunAsync(string redis)
    {
        var contestants = new Contestants(rounds: 25, operationsPerRound: 1000);
        string[] keys = [.. Enumerable.Range(0, contestants.Calls).Select(i => $"{i:D6}")];
        var (raws, ours, stocks, distributeds) = (Names("raw"), Names("kessan"), Names("stock"), Names("distributed"));
        await FillAsync();

        using var raw = await Fleet.RawAsync(redis);
        using var kessanHost = await Fleet.KessanAsync(redis);
        using var stockHost = await Fleet.StockAsync(redis);
        var database = raw.GetDatabase();
        var kessan = kessanHost.Services.GetRequiredService<KessanHybridCache>();
        var client = kessanHost.Services.GetRequiredService<RedisCache>();
        var stock = stockHost.Services.GetRequiredService<HybridCache>();
        var distributed = stockHost.Services.GetRequiredService<IDistributedCache>();

        contestants.Add("raw StringGetAsync", async i => Check((byte[]?)await database.StringGetAsync(raws[i])));
        var kept = new BitFaster.Caching.Lfu.ConcurrentLfu<string, byte[]>(10_000);
        contestants.Add("the same, and into a BitFaster ConcurrentLfu", async i =>
        {
            var payload = (byte[]?)await database.StringGetAsync(raws[i]);
            Check(payload);
            kept.AddOrUpdate(raws[i], payload!);
        });
        contestants.Add("Kessan ICacheStore", async i => Check((await client.Store!.GetAsync(ours[i], StoreReadOptions.Default, CancellationToken.None)).Entry?.Payload.Length));
        contestants.Add("Kessan RedisCache", async i => Check(await client.GetAsync<byte[]>(ours[i])));
        contestants.Add("Kessan HybridCache", async i => Check(await kessan.GetOrCreateAsync(ours[i], NoSource)));
        contestants.Add("Microsoft RedisCache", async i => Check(await distributed.GetAsync(distributeds[i])));
        contestants.Add("stock HybridCache over it", async i => Check(await stock.GetOrCreateAsync(stocks[i], NoSource)));
        await contestants.RunAsync($"L2 hit, {PayloadBytes} bytes, one at a time");
        await kessanHost.StopAsync();

        string[] Names(string prefix) => Array.ConvertAll(keys, key => $"{prefix}:{key}");

        // By other nodes, so that nobody has anything in L1.
        async Task FillAsync()
        {
            using var client = await Fleet.RawAsync(redis);
            using var kessanWriter = await Fleet.KessanAsync(redis);
            using var stockWriter = await Fleet.StockAsync(redis);
            var payload = new byte[PayloadBytes];
            new Random(1).NextBytes(payload);
            foreach (var part in Enumerable.Range(0, keys.Length).Chunk(100))
            {
                await Task.WhenAll(part.SelectMany(i => (Task[])
                [
                    client.GetDatabase().StringSetAsync(raws[i], payload, TimeSpan.FromHours(1)),
                    kessanWriter.Services.GetRequiredService<HybridCache>().SetAsync(ours[i], payload, Hour).AsTask(),
                    stockWriter.Services.GetRequiredService<HybridCache>().SetAsync(stocks[i], payload, Hour).AsTask(),
                    stockWriter.Services.GetRequiredService<IDistributedCache>().SetAsync(
                        distributeds[i], payload, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) }),
                ]));
            }

            await kessanWriter.StopAsync();
        }
    }

    private static ValueTask<byte[]> NoSource(CancellationToken cancellationToken) => throw new InvalidOperationException("It must be a hit.");

    private static void Check(byte[]? payload) => Check(payload?.Length);

    private static void Check(int? length)
    {
        if (length != PayloadBytes) throw new InvalidOperationException("It must be a hit.");
    }
}
