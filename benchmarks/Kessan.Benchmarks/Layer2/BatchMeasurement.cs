using System.Buffers;
using Kessan.Caching;
using Kessan.Caching.Redis;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Kessan.Benchmarks.Layer2;

/// <summary>
/// 100 keys at once: at most 1.3 times a raw MGET with the same deserialization is the aim. Every key is read for the first time by the
/// process that reads it.
/// </summary>
internal static class BatchMeasurement
{
    private const int Keys = 100;

    private static readonly HybridCacheEntryOptions Hour = new() { Expiration = TimeSpan.FromHours(1) };
    private static readonly CacheEntryOptions PastL1 = new() { Flags = HybridCacheEntryFlags.DisableLocalCacheRead };

    public static async Task RunAsync(string redis)
    {
        var contestants = new Contestants(rounds: 25, operationsPerRound: 40);
        var (raws, ours, pasts, stocks) = (Names("raw_batch"), Names("kessan_batch"), Names("kessan_past"), Names("stock_batch"));
        var rawKeys = Array.ConvertAll(raws, batch => Array.ConvertAll(batch, name => (RedisKey)name));
        await FillAsync();

        using var raw = await Fleet.RawAsync(redis);
        using var kessanHost = await Fleet.KessanAsync(redis);
        using var stockHost = await Fleet.StockAsync(redis);
        var database = raw.GetDatabase();
        var kessan = kessanHost.Services.GetRequiredService<KessanHybridCache>();
        var client = kessanHost.Services.GetRequiredService<RedisCache>();
        var stock = stockHost.Services.GetRequiredService<HybridCache>();
        var serializer = SerializerOf<Quote>(kessanHost.Services);

        contestants.Add("raw MGET and the same deserialization", async call =>
        {
            var values = await database.StringGetAsync(rawKeys[call]);
            var quotes = new Quote[values.Length];
            for (var i = 0; i < quotes.Length; i++) quotes[i] = serializer.Deserialize(new ReadOnlySequence<byte>((ReadOnlyMemory<byte>)values[i]));
            Check(quotes.Length);
        });
        var kept = new BitFaster.Caching.Lfu.ConcurrentLfu<string, Quote>(10_000);
        contestants.Add("the same, and each record into a BitFaster ConcurrentLfu", async call =>
        {
            var values = await database.StringGetAsync(rawKeys[call]);
            var found = new Dictionary<string, Quote>(values.Length, StringComparer.Ordinal);
            for (var i = 0; i < values.Length; i++)
            {
                var quote = serializer.Deserialize(new ReadOnlySequence<byte>((ReadOnlyMemory<byte>)values[i]));
                kept.AddOrUpdate(raws[call][i], quote);
                found[raws[call][i]] = quote;
            }

            Check(found.Count);
        });
        contestants.Add("Kessan ICacheStore, without deserialization", async call =>
            Check((await client.Store!.GetManyAsync(ours[call], StoreReadOptions.Default, CancellationToken.None)).Count(reading => reading.Entry is not null)));
        contestants.Add("Kessan RedisCache.GetManyAsync", async call => Check((await client.GetManyAsync<Quote>(ours[call])).Count));
        contestants.Add("Kessan GetOrCreateManyAsync", async call =>
            Check((await kessan.GetOrCreateManyAsync<Quote>(ours[call], NoSource)).Count(pair => pair.Value.Layer == CacheLayer.L2)));
        contestants.Add("Kessan GetOrCreateManyAsync, past L1", async call =>
            Check((await kessan.GetOrCreateManyAsync<Quote>(pasts[call], NoSource, PastL1)).Count(pair => pair.Value.Layer == CacheLayer.L2)));
        contestants.Add("stock HybridCache, 100 calls at once", async call => Check((await Task.WhenAll(stocks[call].Select(
            key => stock.GetOrCreateAsync<Quote>(key, _ => throw new InvalidOperationException("It must be a hit.")).AsTask()))).Length));
        await contestants.RunAsync($"{Keys} keys of a small record");
        await kessanHost.StopAsync();

        string[][] Names(string prefix)
            => [.. Enumerable.Range(0, contestants.Calls).Select(call => Enumerable.Range(0, Keys).Select(i => $"{prefix}:{call}:{i}").ToArray())];

        async Task FillAsync()
        {
            using var client = await Fleet.RawAsync(redis);
            using var kessanWriter = await Fleet.KessanAsync(redis);
            using var stockWriter = await Fleet.StockAsync(redis);
            var serializer = SerializerOf<Quote>(kessanWriter.Services);
            var bytes = new ArrayBufferWriter<byte>();
            serializer.Serialize(Quote.Toyota, bytes);
            for (var call = 0; call < raws.Length; call++)
            {
                await Task.WhenAll(Enumerable.Range(0, Keys).SelectMany(i => (Task[])
                [
                    client.GetDatabase().StringSetAsync(raws[call][i], bytes.WrittenMemory, TimeSpan.FromHours(1)),
                    kessanWriter.Services.GetRequiredService<HybridCache>().SetAsync(ours[call][i], Quote.Toyota, Hour).AsTask(),
                    kessanWriter.Services.GetRequiredService<HybridCache>().SetAsync(pasts[call][i], Quote.Toyota, Hour).AsTask(),
                    stockWriter.Services.GetRequiredService<HybridCache>().SetAsync(stocks[call][i], Quote.Toyota, Hour).AsTask(),
                ]));
            }

            await kessanWriter.StopAsync();
        }
    }

    private static IHybridCacheSerializer<T> SerializerOf<T>(IServiceProvider services)
    {
        foreach (var factory in services.GetServices<IHybridCacheSerializerFactory>())
        {
            if (factory.TryCreateSerializer<T>(out var serializer)) return serializer;
        }

        throw new InvalidOperationException("AddHybridCache() brings one along.");
    }

    private static ValueTask<IReadOnlyDictionary<string, Quote>> NoSource(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => throw new InvalidOperationException("It must be a hit.");

    private static void Check(int found)
    {
        if (found != Keys) throw new InvalidOperationException($"{found} of {Keys} found.");
    }
}
