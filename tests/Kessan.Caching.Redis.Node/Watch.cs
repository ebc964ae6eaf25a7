using System.Diagnostics;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Redis.Node;

/// <summary>
/// Reads keys over and over while another process changes them, and finds out when this node followed each change and whether it
/// served the old value after that.
/// </summary>
internal sealed class Watch(HybridCache cache, CacheEntries entries, int count, int old) : IStoreSubscriber
{
    private const int Workers = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(1);

    private readonly long[] _followed = new long[count];
    private readonly bool[] _seenNew = new bool[count];
    private int _violations;

    /// <summary>Runs until a second after every key was seen new.</summary>
    /// <returns>How often an old value came after the change was followed or seen, how many keys stayed old, and when each change was followed.</returns>
    public async Task<(int Violations, int Old, long[] Followed)> RunAsync(Action watching)
    {
        using var subscription = entries.Subscribe(this);
        var start = Stopwatch.GetTimestamp();
        var allNew = 0L;
        var workers = Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < Patience
                && (Volatile.Read(ref allNew) == 0 || Stopwatch.GetElapsedTime(Volatile.Read(ref allNew)) < Afterwards))
            {
                for (var i = worker; i < count; i += Workers) await ReadAsync(i).ConfigureAwait(false);
                if (worker == 0 && allNew == 0 && Array.TrueForAll(_seenNew, seen => seen)) Volatile.Write(ref allNew, Stopwatch.GetTimestamp());
                await Task.Yield();
            }
        })).ToArray();
        watching();
        await Task.WhenAll(workers).ConfigureAwait(false);
        return (_violations, _seenNew.Count(seen => !seen), _followed);
    }

    public void OnMessage(in StoreMessage message)
    {
        if (message.Kind is not (StoreMessageKind.Set or StoreMessageKind.Removed or StoreMessageKind.TagRemoved)) return;
        var i = WatchedKeys.Number(message.Subject);
        if (i >= 0 && i < count) Interlocked.CompareExchange(ref _followed[i], Stopwatch.GetTimestamp(), 0);
    }

    public void OnAlive(TimeSpan age)
    {
    }

    public void OnLost()
    {
    }

    public void OnServerChanged()
    {
    }

    private async Task ReadAsync(int i)
    {
        var began = Stopwatch.GetTimestamp();
        var followed = Interlocked.Read(ref _followed[i]);
        var seen = _seenNew[i];
        var value = await cache.GetOrCreateAsync(WatchedKeys.Key(i), _ => ValueTask.FromResult(old + 1), tags: WatchedKeys.Tags(i))
            .ConfigureAwait(false);
        if (value != old) _seenNew[i] = true;
        else if (seen || (followed != 0 && followed < began)) Interlocked.Increment(ref _violations);
    }
}
