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

    /// <summary>Whether the last repair left something that a part of the store does not take now: it need not be tried again at once.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Repeats the journal; throws, and keeps the journal, if the store leaves again.</summary>
    /// <remarks>
    /// What only some keys fail with (those of a primary that is gone, or of a slot that moves) stays in the journal and keeps the others from nothing.
    ///
    /// Not to the end at any price: without the store a node changes its keys faster than they can be repeated. After some passes operations
    /// go to the store again, which ends the growth; what the journal still holds is asked of no store until it is repeated too, soon, by the backplane's
    /// regular check.
    /// </remarks>
    public async ValueTask RepairAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var count = 0; count < Passes && !node.Journal.IsEmpty; count++)
            {
                var contents = node.Journal.Take();
                var pass = new RepairPass();
                try
                {
                    if (!contents.IsEmpty) await RepeatAsync(contents, pass, cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    node.Journal.Restore(contents);
                    throw;
                }

                HasLeft = pass.HasLeft;
                if (!HasLeft)
                {
                    node.Journal.Done();
                    continue;
                }

                node.Journal.Restore(pass.LeftOf(contents));
                return;
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

        await RemoveTagsAsync([.. recent.Where(write => write.IsTag).Select(write => write.Subject)], null, cancellationToken).ConfigureAwait(false);
        foreach (var writes in recent.Where(write => !write.IsTag).Chunk(Batch))
        {
            string[] keys = [.. writes.Select(write => write.Subject)];
            var found = await BoundAsync(store.GetManyAsync(keys, StoreReadOptions.PastNearCache, cancellationToken), cancellationToken).ConfigureAwait(false);
            await RemoveAsync([.. keys.Where((_, i) => found[i].Entry is { } entry && entry.Version < writes[i].Version)], null, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async ValueTask RepeatAsync(JournalContents contents, RepairPass pass, CancellationToken cancellationToken)
    {
        if (contents.Overflowed)
        {
            Log.JournalOverflowed(node.Logger, node.Journal.Capacity);
            await RemoveEverythingAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await RemoveTagsAsync([.. contents.Tags], pass, cancellationToken).ConfigureAwait(false);
        var back = 0;
        foreach (var records in contents.Keys.Chunk(Batch))
        {
            var stored = await PutBackAsync(records, cancellationToken).ConfigureAwait(false);
            back += stored.Count;
            await RemoveAsync([.. records.Select(record => record.Key).Where(key => !stored.Contains(key))], pass, cancellationToken).ConfigureAwait(false);
            foreach (var key in stored) Forget(key);
        }

        pass.ThrowIfNothingWorked();
        Log.Repaired(node.Logger, contents.Keys.Count - back - pass.Keys.Count, contents.Tags.Count - pass.Tags.Count, back);
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
        catch (CacheStoreException failure)
        {
            Log.StoreFailed(node.Logger, store.Name, failure); // it may be some of them alone: the removal finds out
        }

        return stored;
    }

    /// <param name="keys">The keys.</param>
    /// <param name="pass">Takes the keys that fail while others do not; <see langword="null"/>: one that fails fails all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private async ValueTask RemoveAsync(string[] keys, RepairPass? pass, CancellationToken cancellationToken)
    {
        if (keys.Length == 0) return;
        try
        {
            var server = node.Recent.Server;
            var removals = await BoundAsync(store.RemoveManyAsync(keys, cancellationToken), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < keys.Length; i++) Remember(keys[i], removals[i].Version, server);
            pass?.Worked();
        }
        catch (CacheStoreException refusal) when (refusal.IsRefusal && keys.Length == 1)
        {
            Log.StoreRefused(node.Logger, store.Name, refusal); // it will never take this one
            pass?.Worked();
        }
        catch (CacheStoreException failure) when (failure.IsRefusal || (pass is not null && keys.Length > 1))
        {
            // One key that the store does not take must not keep the others from being repaired.
            await Task.WhenAll(keys.Select(key => RemoveAsync([key], pass, cancellationToken).AsTask())).ConfigureAwait(false);
            pass?.ThrowIfNothingWorked();
            return;
        }
        catch (CacheStoreException failure) when (pass is not null)
        {
            pass.LeaveKey(keys[0], failure);
            return;
        }

        foreach (var key in keys) Forget(key);
    }

    private async ValueTask RemoveEverythingAsync(CancellationToken cancellationToken)
    {
        if (await RemoveTagsAsync([TagTable.Wildcard], null, cancellationToken).ConfigureAwait(false)) return;
        Log.EverythingRefused(node.Logger, store.Name);
    }

    /// <inheritdoc cref="RemoveAsync"/>
    /// <returns>Whether the store took them all.</returns>
    private async ValueTask<bool> RemoveTagsAsync(string[] tags, RepairPass? pass, CancellationToken cancellationToken)
    {
        if (tags.Length == 0) return true;
        var taken = true;
        try
        {
            var server = node.Recent.Server;
            await BoundAsync(store.RemoveTagsAsync(tags, cancellationToken), cancellationToken).ConfigureAwait(false);
            node.Journal.RecordTags(tags.Where(tag => !node.Recent.Remember(tag, 0, server, isTag: true)));
            pass?.Worked();
        }
        catch (CacheStoreException refusal) when (refusal.IsRefusal && tags.Length == 1)
        {
            taken = false;
            Log.StoreRefused(node.Logger, store.Name, refusal);
            pass?.Worked();
        }
        catch (CacheStoreException failure) when (failure.IsRefusal || (pass is not null && tags.Length > 1))
        {
            taken = false;
            await Task.WhenAll(tags.Select(tag => RemoveTagsAsync([tag], pass, cancellationToken).AsTask())).ConfigureAwait(false);
            pass?.ThrowIfNothingWorked();
        }
        catch (CacheStoreException failure) when (pass is not null)
        {
            taken = false;
            pass.LeaveTag(tags[0], failure);
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
