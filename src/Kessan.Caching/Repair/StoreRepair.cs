using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Kessan.Caching.Telemetry;

namespace Kessan.Caching.Repair;

/// <summary>Tells the store, when it is back, what happened on this node without it: as invalidations, before anybody reads it.</summary>
internal sealed class StoreRepair(CacheNode node, ICacheStore store)
{
    private const int Batch = 500;

    /// <summary>Repeats the journal; throws, and keeps the journal, if the store leaves again.</summary>
    public async ValueTask RepairAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var contents = node.Journal.Take();
            if (contents.IsEmpty) return;
            try
            {
                await RepeatAsync(contents, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                node.Journal.Restore(contents);
                throw;
            }
        }
    }

    /// <summary>
    /// Compares what the store has with the writes of the last seconds that it acknowledged, and removes what is not the version that
    /// was written: the server restarted or failed over without them.
    /// </summary>
    public async ValueTask CheckRecentAsync(CancellationToken cancellationToken)
    {
        Log.ServerChanged(node.Logger);
        var recent = node.Recent.Take();
        var tags = recent.Where(write => write.IsTag).Select(write => write.Subject).ToArray();
        if (tags.Length > 0) await BoundAsync(store.RemoveTagsAsync(tags, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var writes in recent.Where(write => !write.IsTag).Chunk(Batch))
        {
            string[] keys = [.. writes.Select(write => write.Subject)];
            var found = await BoundAsync(
                store.GetManyAsync(keys, StoreReadOptions.PastNearCache, cancellationToken), cancellationToken).ConfigureAwait(false);
            string[] wrong = [.. keys.Where((_, i) => found[i].Entry is { } entry && entry.Version != writes[i].Version)];
            if (wrong.Length > 0) await RemoveAsync(wrong, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RepeatAsync(JournalContents contents, CancellationToken cancellationToken)
    {
        if (contents.Overflowed)
        {
            Log.JournalOverflowed(node.Logger, node.Journal.Capacity);
            await BoundAsync(store.RemoveTagsAsync([TagTable.Wildcard], cancellationToken), cancellationToken).ConfigureAwait(false);
            node.Tags.Everything.Change();
            return;
        }

        if (contents.Tags.Count > 0)
        {
            await BoundAsync(store.RemoveTagsAsync([.. contents.Tags], cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        var back = 0;
        foreach (var records in contents.Keys.Chunk(Batch))
        {
            // A value goes back only over the version that this node saw last: whoever wrote since then knows better.
            var now = records.Where(record => record.Value is { Entry: not null, SeenVersion: > 0 }).ToArray();
            var results = now.Length == 0 ? [] : await BoundAsync(
                store.SetManyAsync([.. now.Select(r => new StoreWrite(r.Key, r.Value.Entry!, WriteCondition.IfVersion(r.Value.SeenVersion)))], cancellationToken),
                cancellationToken).ConfigureAwait(false);
            var stored = now.Where((_, i) => results[i].Stored).Select(record => record.Key).ToHashSet(StringComparer.Ordinal);
            back += stored.Count;
            await RemoveAsync([.. records.Select(record => record.Key).Where(key => !stored.Contains(key))], cancellationToken).ConfigureAwait(false);
            foreach (var (key, _) in records) Forget(key);
        }

        Log.Repaired(node.Logger, contents.Keys.Count - back, contents.Tags.Count, back);
    }

    private async ValueTask RemoveAsync(string[] keys, CancellationToken cancellationToken)
    {
        if (keys.Length == 0) return;
        await BoundAsync(store.RemoveManyAsync(keys, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var key in keys) Forget(key);
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
        => await operation.AsTask().WaitAsync(TimeSpan.FromSeconds(5), node.Time, cancellationToken).ConfigureAwait(false);
}
