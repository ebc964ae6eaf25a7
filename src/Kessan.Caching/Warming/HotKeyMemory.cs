using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Warming;

/// <summary>The hot keys of a program, remembered in the store as an entry of its own: one key on each line.</summary>
internal sealed class HotKeyMemory(KessanHybridCache cache, CacheEntries entries, string name, int count)
{
    private const int Batch = 100;
    private const int MostAttempts = 3;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly string _key = $"hot_keys:{Caching.Keys.KeyPart.Canonical(Uri.EscapeDataString(name))}";

    /// <summary>Remembers the keys that are hot now; nothing is written while none is.</summary>
    public async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        if (count == 0 || entries.Store is null) return;
        var keys = cache.Node.HotKeys.Top(count).Select(hot => hot.Key).Where(key => key != _key).ToArray();
        if (keys.Length == 0) return;

        var entry = new StoredEntry
        {
            Payload = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', keys)),
            ContentType = "text/plain",
            Traits = StoredEntryTraits.Raw,
            Lifetime = Lifetime,
        };
        await entries.SetAsync(new StoreWrite(_key, entry), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loads the remembered keys from the store into L1.</summary>
    /// <returns>How many of them there were.</returns>
    public async ValueTask<int> LoadAsync(CancellationToken cancellationToken)
    {
        if (count == 0 || entries.Store is null) return 0;
        var lookup = await entries.GetAsync(_key, pastL1: true, cancellationToken).ConfigureAwait(false);
        if (lookup.Value is not { } remembered) return 0;

        string[] keys = [.. Keys(remembered).Take(count)];
        var trust = cache.Node.Trust;
        for (var attempt = 1; ; attempt++)
        {
            await WaitForTrustAsync(cancellationToken).ConfigureAwait(false);
            var epoch = trust.Epoch;
            var found = 0;
            foreach (var batch in keys.Chunk(Batch))
            {
                var lookups = await entries.GetManyAsync(batch, pastL1: false, cancellationToken).ConfigureAwait(false);
                found += lookups.Count(entry => entry.Found);
            }

            // What was loaded before another node was heard for the first time is no hit yet: once more, and it is.
            if (attempt == MostAttempts || !trust.IsTrusted || trust.Epoch == epoch) return found;
        }
    }

    /// <summary>The keys of an entry that anybody may have written: what cannot be one is left out.</summary>
    private IEnumerable<string> Keys(StoredEntry remembered)
    {
        try
        {
            var payload = PayloadCompression.Decompress(remembered, cache.Node.Values.MaximumPayloadBytes).Payload;
            return System.Text.Encoding.UTF8.GetString(payload.Span).Split('\n').Where(cache.IsKey).Distinct(StringComparer.Ordinal);
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>What comes into L1 before the backplane is known to be whole has to be confirmed on its first read; a moment's wait saves that.</summary>
    private async ValueTask WaitForTrustAsync(CancellationToken cancellationToken)
    {
        var time = cache.Node.Time;
        var started = time.GetTimestamp();
        while (!cache.Node.Trust.IsTrusted && time.GetElapsedTime(started) < LongestWait)
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
    }
}
