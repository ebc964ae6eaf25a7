using Kessan.Caching.Filling;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Kessan.Caching.Telemetry;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching;

/// <summary><see cref="CacheEntries"/> over the engine: entries pass through undecoded, as a type of their own.</summary>
internal sealed class NodeEntries(KessanHybridCache cache) : CacheEntries
{
    private readonly CacheNode _node = cache.Node;

    public override ICacheStore? Store => _node.Store?.Store;

    public override bool StoreIsAvailable => _node.Store is { IsAvailable: true };

    public override int PendingChanges => _node.Journal.Count;

    public override bool IsPending(string key) => _node.Journal.HoldsKey(key);

    public override bool IsTagPending(string tag) => _node.Journal.HoldsTag(tag);

    public override async ValueTask<bool> TryHandInAsync(CancellationToken cancellationToken)
    {
        if (_node.Repair is not { } repair) return true;
        try
        {
            await repair.RepairAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is CacheStoreException or TimeoutException or OperationCanceledException)
        {
            Log.StoreFailed(_node.Logger, _node.Store!.Store.Name, failure);
        }

        return _node.Journal.IsEmpty;
    }

    public override ValueTask<CacheLookup<StoredEntry>> GetAsync(string key, bool pastL1, CancellationToken cancellationToken)
        => cache.TryGetAsync<StoredEntry>(key, Flags(pastL1), cancellationToken);

    public override bool TryGetFromL1(string key, out CacheLookup<StoredEntry> lookup) => cache.TryGetFromL1(key, out lookup);

    public override async ValueTask<CacheLookup<StoredEntry>[]> GetManyAsync(IReadOnlyList<string> keys, bool pastL1, CancellationToken cancellationToken)
    {
        var found = await cache.TryGetManyAsync<StoredEntry>(keys, Flags(pastL1), cancellationToken).ConfigureAwait(false);
        return [.. keys.Select(key => found[key])];
    }

    public override async ValueTask<EntryWriteOutcome> SetAsync(StoreWrite write, CancellationToken cancellationToken)
        => (await SetManyAsync([write], cancellationToken).ConfigureAwait(false))[0];

    public override async ValueTask<EntryWriteOutcome[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
    {
        EntryToWrite<StoredEntry>[] all = [.. writes.Select(cache.PrepareEntry)];
        return await cache.Writer.WriteAsync(all, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<StoreRemoval?> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var removals = await cache.Remover.RemoveAsync([key], cancellationToken).ConfigureAwait(false);
        return removals?[0];
    }

    public override ValueTask<long?> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var tag in tags) TagRules.CheckTag(tag);
        return cache.Remover.RemoveTagsAsync([.. tags.Distinct(StringComparer.Ordinal)], cancellationToken);
    }

    public override async ValueTask<LeaseResult?> AcquireLeaseAsync(LeaseRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (_node.Store is not { } store) return null;
        var started = _node.Time.GetTimestamp();
        var activity = _node.Activities.Enter(request.Key);
        try
        {
            while (true)
            {
                Task changed;
                lock (activity.Lock) changed = activity.NextChange();
                if (_node.Journal.HoldsKey(request.Key)) request = request with { UnwantedVersion = long.MaxValue }; // removed here, without the store's knowing yet
                var result = await store.AcquireLeaseAsync(request).ConfigureAwait(false);
                if (result is { Outcome: LeaseOutcome.Value, Reading.Entry: { } entry } value)
                {
                    var (validity, _) = await _node.Generations.CheckAsync(value.Reading).ConfigureAwait(false);
                    if (validity == EntryValidity.Unknown) return null;
                    if (validity == EntryValidity.Valid || request.UnwantedVersion >= entry.Version) return result;
                    request = request with { UnwantedVersion = entry.Version }; // a tag was invalidated since: as good as absent
                    continue;
                }

                var left = wait - _node.Time.GetElapsedTime(started);
                if (result is not { Outcome: LeaseOutcome.Held } held || left <= TimeSpan.Zero) return result;

                using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var timer = Task.Delay(held.Remaining < left ? held.Remaining : left, _node.Time, enough.Token);
                await Task.WhenAny(changed, timer).ConfigureAwait(false);
                await enough.CancelAsync().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _node.Activities.Leave(request.Key, activity);
        }
    }

    public override IDisposable Subscribe(IStoreSubscriber subscriber) => _node.Events.Subscribe(subscriber);

    private static HybridCacheEntryFlags Flags(bool pastL1) => pastL1 ? HybridCacheEntryFlags.DisableLocalCacheRead : HybridCacheEntryFlags.None;
}
