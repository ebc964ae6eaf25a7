using Kessan.Caching.Storage;

namespace Kessan.Caching.Filling;

/// <summary>Removals and tag invalidations that a caller asks for. A caller that leaves does not end them.</summary>
internal sealed class EntryRemover(CacheNode node)
{
    /// <summary>Removes keys from both layers; <see langword="null"/>: the store is away and is told when it is back.</summary>
    public async ValueTask<StoreRemoval[]?> RemoveAsync(string[] keys, CancellationToken cancellationToken)
    {
        var activities = new KeyActivity[keys.Length];
        var existed = new bool[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            activities[i] = node.Activities.Enter(keys[i]);
            lock (activities[i].Lock)
            {
                activities[i].Supersede();
                existed[i] = node.Local.TryGet(keys[i], out _);
                node.Local.Remove(keys[i]);
            }
        }

        var removals = await RemoveEnteredAsync(keys, activities).WaitAsync(cancellationToken).ConfigureAwait(false);
        return node.Store is null ? [.. existed.Select(had => new StoreRemoval(had, 0))] : removals;
    }

    /// <summary>Invalidates tags; <see langword="null"/>: the store is away and is told when it is back.</summary>
    public async ValueTask<long?> RemoveTagsAsync(string[] tags, CancellationToken cancellationToken)
        => await RemoveTagsCoreAsync(tags).WaitAsync(cancellationToken).ConfigureAwait(false);

    private async Task<StoreRemoval[]?> RemoveEnteredAsync(string[] keys, KeyActivity[] activities)
    {
        StoreRemoval[]? removals = null;
        var (begun, server) = (node.Journal.Mark(), node.Recent.Server);
        var started = node.Time.GetTimestamp();
        try
        {
            if (node.Store is not null) removals = await node.Store.RemoveManyAsync(keys).ConfigureAwait(false);
            return removals;
        }
        finally
        {
            for (var i = 0; i < keys.Length; i++)
            {
                Conclude(keys[i], removals?[i], begun, server, activities[i]);
                node.Activities.Leave(keys[i], activities[i]);
            }

            node.Metrics.OperationTook(node.Time.GetElapsedTime(started), "remove");
        }
    }

    private void Conclude(string key, StoreRemoval? removal, long begun, int server, KeyActivity activity)
    {
        lock (activity.Lock)
        {
            if (removal is { } removed)
            {
                activity.Know(removed.Version);
                node.Journal.Forget(key, begun);
                if (!node.Recent.Remember(key, removed.Version, server)) node.Journal.Record(key, null, 0);
            }
            else if (node.Store is not null)
            {
                node.Journal.Record(key, null, 0);
            }

            activity.Supersede(); // what was read meanwhile may have come before the store's own step
            if (node.Local.TryGet(key, out var entry) && (removal is null || entry.Version < removal.Value.Version)) node.Local.Remove(key, entry);
        }
    }

    private async Task<long?> RemoveTagsCoreAsync(string[] tags)
    {
        var started = node.Time.GetTimestamp();
        Change(tags);
        if (node.Store is null) return 0;
        var server = node.Recent.Server;
        var counted = await node.Store.RemoveTagsAsync(tags).ConfigureAwait(false);
        if (counted is null) node.Journal.RecordTags(tags);
        else node.Journal.RecordTags(tags.Where(tag => !node.Recent.Remember(tag, 0, server, isTag: true)));
        Change(tags); // what was read meanwhile may have come before the store's own step
        node.Metrics.OperationTook(node.Time.GetElapsedTime(started), "remove_tags");
        return counted;
    }

    private void Change(string[] tags)
    {
        foreach (var tag in tags) Invalidation.FollowTag(node, tag);
    }
}
