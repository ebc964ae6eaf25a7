using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>2,000 requests a second of mixed work on one of two nodes, and a truth to compare their answers with.</summary>
/// <remarks>Each key is written by one worker only, so that "its own last write" has a meaning; reads go anywhere.</remarks>
internal sealed class MixedLoad(HybridCache cache, HybridCache other)
{
    private const int Keys = 300;
    private const int Workers = 8;
    private const double RequestsPerSecond = 2000;

    private readonly int[] _truth = new int[Keys]; // what the source says; raised before each write
    private readonly int[] _written = new int[Keys]; // the last write that was acknowledged to its caller
    private volatile bool _stopped;
    private Task[] _load = [];
    private int _older;

    /// <summary>What callers were thrown.</summary>
    public ConcurrentQueue<Exception> Exceptions { get; } = [];

    /// <summary>Answers that were older than what the same node had acknowledged before the question.</summary>
    public int Older => Volatile.Read(ref _older);

    /// <summary>When each read began and how long it took; the source takes no time.</summary>
    public ConcurrentQueue<(long At, double Microseconds)> Reads { get; } = [];

    public async Task StartAsync()
    {
        for (var i = 0; i < Keys; i++) Assert.Equal(0, await ReadAsync(other, i));
        _load = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker)))];
    }

    public async Task StopAsync()
    {
        _stopped = true;
        await Task.WhenAll(_load);
    }

    /// <summary>How many keys either node answers otherwise than the source.</summary>
    public async Task<int> WrongAsync() => await WrongAsync(cache) + await WrongAsync(other);

    private static string Key(int i) => $"market_data:load-{i}";

    private async Task WorkAsync(int worker)
    {
        var random = new Random(worker);
        var start = Stopwatch.GetTimestamp();
        for (var n = 0; !_stopped; n++)
        {
            var ahead = TimeSpan.FromSeconds(n * Workers / RequestsPerSecond) - Stopwatch.GetElapsedTime(start);
            if (ahead > TimeSpan.Zero) await Task.Delay(ahead, TimeProvider.System);
            try
            {
                await RequestAsync(random.Next(100), (random.Next(Keys / Workers) * Workers) + worker, random.Next(Keys));
            }
            catch (Exception failure)
            {
                Exceptions.Enqueue(failure);
            }
        }
    }

    private async Task RequestAsync(int kind, int own, int any)
    {
        if (kind < 80)
        {
            var atLeast = Volatile.Read(ref _written[any]);
            var began = Stopwatch.GetTimestamp();
            var value = await ReadAsync(cache, any);
            Reads.Enqueue((began, Stopwatch.GetElapsedTime(began).TotalMicroseconds));
            if (value < atLeast) Interlocked.Increment(ref _older);
            return;
        }

        var next = Interlocked.Increment(ref _truth[own]);
        if (kind < 95) await cache.SetAsync(Key(own), next);
        else await cache.RemoveAsync(Key(own));
        Volatile.Write(ref _written[own], next);
    }

    private ValueTask<int> ReadAsync(HybridCache from, int i)
        => from.GetOrCreateAsync(Key(i), _ => ValueTask.FromResult(Volatile.Read(ref _truth[i])));

    private async Task<int> WrongAsync(HybridCache from)
    {
        var wrong = 0;
        for (var i = 0; i < Keys; i++)
        {
            if (await ReadAsync(from, i) != Volatile.Read(ref _truth[i])) wrong++;
        }

        return wrong;
    }
}
