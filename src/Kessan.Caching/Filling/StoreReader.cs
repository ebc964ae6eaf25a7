using Kessan.Caching.Local;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;

namespace Kessan.Caching.Filling;

/// <summary>The step "store read": gets an entry from L2, makes sure that it is not older than what this node knows, and puts it into L1.</summary>
internal sealed class StoreReader(CacheNode node, LocalInstaller installer)
{
    // A replica of the store may lag behind what the backplane told us; then it is asked past its own cache. And a key that is written
    // all the time may be written during each attempt: it must not look missing for that.
    private const int Attempts = 16;

    /// <summary>Reads; a value that is fresh and valid is returned, a stale one is kept in <see cref="Fill.Held"/>.</summary>
    public async ValueTask<CacheLookup<T>> ReadAsync<T>(Fill<T> fill)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (node.Journal.HoldsKey(fill.Key))
            {
                fill.StoreAway = true; // what stands there is what this node removed or wrote over, without the store's knowing yet
                return default;
            }

            var epoch = node.Trust.Epoch;
            var reading = await node.Store!.GetAsync(fill.Key, Options(fill.Plan, attempt > 0)).ConfigureAwait(false);
            if (reading is null)
            {
                fill.StoreAway = true;
                return default;
            }

            if (reading.Value.Entry is null)
            {
                ForgetHeld(fill);
                return default;
            }

            // Asked twice, the store still has less than this node had: its server lost its last writes. The source knows better.
            if (attempt > 0 && IsOlderThanHeld(fill, reading.Value.Entry))
            {
                fill.Unwant(reading.Value.Entry);
                return default;
            }

            var taken = TryTake(fill, reading.Value, epoch, null, out var lookup);
            if (taken is null) (taken, lookup) = await TakeAsync(fill, reading.Value, epoch).ConfigureAwait(false);
            if (taken.Value) return lookup;
        }

        return default;
    }

    /// <summary>Takes what the store answered, if it is good. False: it is older than a change that this node knows of; ask again.</summary>
    public async ValueTask<(bool Taken, CacheLookup<T> Lookup)> TakeAsync<T>(Fill<T> fill, StoreReading reading, int epoch)
    {
        if (IsOutdated(fill, reading.Entry!)) return (false, default);
        var (validity, stamps) = await node.Generations.CheckAsync(reading, anew: !fill.Plan.ReadsL1).ConfigureAwait(false);
        return (Take(fill, reading.Entry!, validity, stamps, epoch, out var lookup), lookup);
    }

    /// <summary>
    /// The same where this node knows the generations of the entry's tags, as it nearly always does; <see langword="null"/>: it does not.
    /// </summary>
    public bool? TryTake<T>(
        Fill<T> fill,
        in StoreReading reading,
        int epoch,
        IReadOnlyDictionary<string, (TagStamp Stamp, long Generation)>? prefetched,
        out CacheLookup<T> lookup)
    {
        lookup = default;
        if (IsOutdated(fill, reading.Entry!)) return false;
        if (node.Generations.Check(reading, anew: !fill.Plan.ReadsL1, prefetched, out var stamps, out _) is not { } validity) return null;
        return Take(fill, reading.Entry!, validity, stamps, epoch, out lookup);
    }

    private bool Take<T>(Fill<T> fill, StoredEntry entry, EntryValidity validity, TagStamp[] stamps, int epoch, out CacheLookup<T> lookup)
    {
        lookup = default;
        if (validity == EntryValidity.Unknown)
        {
            fill.StoreAway = true;
            return true;
        }

        if (validity == EntryValidity.Invalid)
        {
            fill.Unwant(entry);
            fill.Held = null;
            return true;
        }

        if (entry.FreshLeft <= TimeSpan.Zero)
        {
            if (entry.StaleLeft > TimeSpan.Zero && installer.Decode<T>(entry, fill.Plan, stamps, epoch, fill.Key) is { } stale) fill.Held = stale.Local;
            return true;
        }

        // L1 had this very version before it was distrusted: it needs a new stamp, not to be read again.
        if (fill.Held is { } held && held.Version == entry.Version && entry.Version != 0 && held.FreshUntil > node.Clock.Now
            && LocalReader.TryRead<T>(held, node.Values, out var value))
        {
            var confirmed = held.Confirmed(stamps, epoch);
            if (!installer.Install(fill, confirmed, isFromStore: true)) return false;
            lookup = installer.Lookup(confirmed, value, CacheLayer.L2, isStale: false);
            return true;
        }

        var decoded = installer.Decode<T>(entry, fill.Plan, stamps, epoch, fill.Key);
        if (decoded is not { } made)
        {
            fill.Unwant(entry);
            return true;
        }

        // Between the read and now a change may have been heard of: the check and the installation are one step.
        if (!installer.Install(fill, made.Local, isFromStore: true)) return false;
        lookup = installer.Lookup(made.Local, made.Value, CacheLayer.L2, isStale: false);
        return true;
    }

    /// <summary>L1 has an entry whose life is not over, and the store has it no more: it was removed, or evicted there. It is not served again.</summary>
    public void ForgetHeld(Fill fill)
    {
        if (fill.Held is not { Version: not 0 } held || held.LifeEnd <= node.Clock.Now) return;
        fill.Held = null;
        node.Local.Remove(fill.Key, held);
    }

    private static bool IsOlderThanHeld(Fill fill, StoredEntry entry)
        => entry.Version != 0 && fill.Held is { } held && entry.Version < held.Version;

    private static bool IsOutdated(Fill fill, StoredEntry entry)
    {
        if (IsOlderThanHeld(fill, entry)) return true;
        lock (fill.Activity.Lock)
        {
            return entry.Version != 0 && entry.Version < fill.Activity.KnownVersion;
        }
    }

    private static StoreReadOptions Options(EntryPlan plan, bool pastNearCache)
    {
        if (plan.Slide is { } slide) return new StoreReadOptions { NoCache = pastNearCache, Slide = slide, SlideLimit = plan.SlideLimit };
        return pastNearCache ? StoreReadOptions.PastNearCache : StoreReadOptions.Default;
    }
}
