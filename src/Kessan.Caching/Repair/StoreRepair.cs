using Kessan.Caching.Filling;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Repair;

/// <summary>Tells the store, when it is back, what happened on this node without it: as invalidations, before anybody reads it.</summary>
internal sealed class StoreRepair(CacheNode node, ICacheStore store) : IDisposable
{
    private const int Batch = 500;
    private const int Passes = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Repeats the journal; throws, and keeps the journal, if the store leaves again.</summary>
    /// <remarks>
    /// Not to the end at any price: without the store a node changes its keys faster than they can be repeated. After some passes operations
    /// go to the store again, which ends the growth; what the journal still holds is asked of no store until it is repeated too, soon, by the backplane's
    /// regular check.
    /// </remarks>
    public async ValueTask RepairAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var pass = 0; pass < Passes && !node.Journal.IsEmpty; pass++)
            {
                var contents = node.Journal.Take();
                try
                {
                    if (!contents.IsEmpty) await RepeatAsync(contents, cancellationToken).ConfigureAwait(false);
                    node.Journal.Done();
                }
                catch
                {
                    node.Journal.Restore(contents);
                    throw;
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Compares what the store has with writes of the last seconds that it acknowledged, and removes what is older than them: the server
    /// restarted or failed over without them.
    /// </summary>
    /// <param name="recent">The writes; <see langword="null"/>: too many to tell, everything is invalidated.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask CheckAsync(IReadOnlyCollection<RecentWrite>? recent, CancellationToken cancellationToken)
    {
        if (recent is null)
        {
            await RemoveEverythingAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await RemoveTagsAsync([.. recent.Where(write => write.IsTag).Select(write => write.Subject)], cancellationToken).ConfigureAwait(false);
        foreach (var writes in recent.Where(write => !write.IsTag).Chunk(Batch))
        {
            string[] keys = [.. writes.Select(write => write.Subject)];
            var found = await BoundAsync(store.GetManyAsync(keys, StoreReadOptions.PastNearCache, cancellationToken), cancellationToken).ConfigureAwait(false);
            await RemoveAsync([.. keys.Where((_, i) => found[i].Entry is { } entry && entry.Version < writes[i].Version)], cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async ValueTask RepeatAsync(JournalContents contents, CancellationToken cancellationToken)
    {
        if (contents.Overflowed)
        {
            Log.JournalOverflowed(node.Logger, node.Journal.Capacity);
            await RemoveEverythingAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await RemoveTagsAsync([.. contents.Tags], cancellationToken).ConfigureAwait(false);
        var back = 0;
        foreach (var records in contents.Keys.Chunk(Batch))
        {
            var stored = await PutBackAsync(records, cancellationToken).ConfigureAwait(false);
            back += stored.Count;
            await RemoveAsync([.. records.Select(record => record.Key).Where(key => !stored.Contains(key))], cancellationToken).ConfigureAwait(false);
            foreach (var key in stored) Forget(key);
        }

        Log.Repaired(node.Logger, contents.Keys.Count - back, contents.Tags.Count, back);
    }

    /// <summary>A value goes back only over the version that this node saw last: whoever wrote since then knows better.</summary>
    private async ValueTask<HashSet<string>> PutBackAsync(KeyValuePair<string, JournalRecord>[] records, CancellationToken cancellationToken)
    {
        List<StoreWrite> writes = [];
        foreach (var (key, (entry, seen, at, _)) in records)
        {
            if (entry is null || seen == 0) continue;
            var aged = entry with { Age = entry.Age + CacheClock.Between(at, node.Clock.Now) };
            if (aged.FreshLeft > TimeSpan.Zero) writes.Add(new StoreWrite(key, aged, WriteCondition.IfVersion(seen)));
        }

        var stored = new HashSet<string>(StringComparer.Ordinal);
        if (writes.Count == 0) return stored;
        try
        {
            var server = node.Recent.Server;
            var results = await BoundAsync(store.SetManyAsync(writes, cancellationToken), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < results.Length; i++)
            {
                if (!results[i].Stored) continue;
                stored.Add(writes[i].Key);
                Remember(writes[i].Key, results[i].Version, server);
            }
        }
        catch (CacheStoreException refusal) when (refusal.IsRefusal)
        {
            Log.StoreRefused(node.Logger, store.Name, refusal); // then they are removed, one by one if need be
        }

        return stored;
    }

    private async ValueTask RemoveAsync(string[] keys, CancellationToken cancellationToken)
    {
        if (keys.Length == 0) return;
        try
        {
            var server = node.Recent.Server;
            var removals = await BoundAsync(store.RemoveManyAsync(keys, cancellationToken), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < keys.Length; i++) Remember(keys[i], removals[i].Version, server);
        }
        catch (CacheStoreException refusal) when (refusal.IsRefusal)
        {
            // One key that the store will never take must not keep the others from being repaired.
            if (keys.Length == 1) Log.StoreRefused(node.Logger, store.Name, refusal);
            else foreach (var key in keys) await RemoveAsync([key], cancellationToken).ConfigureAwait(false);
        }

        foreach (var key in keys) Forget(key);
    }

    private async ValueTask RemoveEverythingAsync(CancellationToken cancellationToken)
    {
        if (await RemoveTagsAsync([TagTable.Wildcard], cancellationToken).ConfigureAwait(false)) return;
        Log.EverythingRefused(node.Logger, store.Name);
    }

    /// <returns>Whether the store took them all.</returns>
    private async ValueTask<bool> RemoveTagsAsync(string[] tags, CancellationToken cancellationToken)
    {
        if (tags.Length == 0) return true;
        var taken = true;
        try
        {
            var server = node.Recent.Server;
            await BoundAsync(store.RemoveTagsAsync(tags, cancellationToken), cancellationToken).ConfigureAwait(false);
            node.Journal.RecordTags(tags.Where(tag => !node.Recent.Remember(tag, 0, server, isTag: true)));
        }
        catch (CacheStoreException refusal) when (refusal.IsRefusal)
        {
            taken = false;
            if (tags.Length == 1) Log.StoreRefused(node.Logger, store.Name, refusal);
            else foreach (var tag in tags) await RemoveTagsAsync([tag], cancellationToken).ConfigureAwait(false);
        }

        // What was read since the invalidation was asked for may carry the generation before it.
        foreach (var tag in tags) Invalidation.FollowTag(node, tag);
        return taken;
    }

    /// <summary>The next server may forget what was repeated as well as what was done.</summary>
    private void Remember(string key, long version, int server)
    {
        if (!node.Recent.Remember(key, version, server)) node.Journal.Record(key, null, 0);
    }

    /// <summary>What L1 has of a key was this node's alone.</summary>
    private void Forget(string key)
    {
        var activity = node.Activities.Enter(key);
        lock (activity.Lock)
        {
            activity.Supersede();
            node.Local.Remove(key);
        }

        node.Activities.Leave(key, activity);
    }

    private async ValueTask<T> BoundAsync<T>(ValueTask<T> operation, CancellationToken cancellationToken)
    {
        var task = operation.AsTask();
        Unobserved.Ignore(task);
        return await task.WaitAsync(Patience, node.Time, cancellationToken).ConfigureAwait(false);
    }
}
