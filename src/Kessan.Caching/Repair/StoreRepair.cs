using System.Runtime.ExceptionServices;
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
        HasLeft = false;
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
                    node.Journal.Restore(pass.RestOf(contents));
                    throw;
                }

                if (pass.HasLeft)
                {
                    node.Journal.Restore(pass.RestOf(contents));
                    HasLeft = true;
                    return;
                }

                node.Journal.Done();
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
            var before = pass.Done.Keys;
            var absent = await PutBackAsync(records, pass, cancellationToken).ConfigureAwait(false);
            back += pass.Done.Keys - before;
            await RemoveAsync(absent, pass, cancellationToken).ConfigureAwait(false);
            pass.ThrowIfNothingWorked();
        }

        pass.ThrowIfNothingWorked();
        Log.Repaired(node.Logger, pass.Done.Keys - back, pass.Done.Tags, back);
    }

    /// <summary>A value goes back only over the version that this node saw last: whoever wrote since then knows better.</summary>
    /// <returns>The keys that are to be removed.</returns>
    private async ValueTask<string[]> PutBackAsync(
        KeyValuePair<string, JournalRecord>[] records, RepairPass pass, CancellationToken cancellationToken)
    {
        List<StoreWrite> writes = [];
        List<string> absent = [];
        foreach (var (key, (entry, seen, at, _)) in records)
        {
            var aged = entry is null || seen == 0 ? null : entry with { Age = entry.Age + CacheClock.Between(at, node.Clock.Now) };
            if (aged?.FreshLeft > TimeSpan.Zero) writes.Add(new StoreWrite(key, aged, WriteCondition.IfVersion(seen)));
            else absent.Add(key);
        }

        var server = node.Recent.Server;
        var outcomes = await PartialBatch.RunAsync<StoreWrite, StoreWriteResult>(
            [.. writes], some => BoundAsync(store.SetManyAsync(some, cancellationToken), cancellationToken)).ConfigureAwait(false);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var key = writes[i].Key;
            if (outcomes[i].IsLost)
            {
                pass.Leave(outcomes[i].Failure!);
            }
            else if (outcomes[i] is { Failure: null, Result.Stored: true })
            {
                Remember(key, outcomes[i].Result.Version, server);
                Forget(key);
                pass.KeyDone(key);
            }
            else
            {
                absent.Add(key);
            }
        }

        return [.. absent];
    }

    /// <param name="keys">The keys.</param>
    /// <param name="pass">Told of what is done and of what the store does not take now; <see langword="null"/>: that is thrown.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private async ValueTask RemoveAsync(string[] keys, RepairPass? pass, CancellationToken cancellationToken)
    {
        var server = node.Recent.Server;
        var outcomes = await PartialBatch.RunAsync(
            keys, some => BoundAsync(store.RemoveManyAsync(some, cancellationToken), cancellationToken)).ConfigureAwait(false);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (IsLost(outcomes[i], pass)) continue;
            if (!outcomes[i].IsRefused) Remember(keys[i], outcomes[i].Result.Version, server);
            Forget(keys[i]);
            pass?.KeyDone(keys[i]);
        }
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
        var taken = true;
        var server = node.Recent.Server;
        var outcomes = await PartialBatch.RunAsync(tags, RemoveSomeAsync).ConfigureAwait(false);
        for (var i = 0; i < outcomes.Length; i++)
        {
            taken &= outcomes[i].Failure is null;
            Invalidation.FollowTag(node, tags[i]); // what was read since the invalidation was asked for may carry the generation before it
            if (IsLost(outcomes[i], pass)) continue;
            if (!outcomes[i].IsRefused && !node.Recent.Remember(tags[i], 0, server, isTag: true)) node.Journal.RecordTags([tags[i]]);
            pass?.TagDone(tags[i]);
        }

        return taken;

        async ValueTask<long[]> RemoveSomeAsync(string[] some)
        {
            await BoundAsync(store.RemoveTagsAsync(some, cancellationToken), cancellationToken).ConfigureAwait(false);
            return new long[some.Length];
        }
    }

    /// <summary>Whether the store does not take an item now; what it will never take is logged and done with.</summary>
    private bool IsLost<T>(ItemOutcome<T> outcome, RepairPass? pass)
    {
        if (outcome.Failure is { } refusal && outcome.IsRefused) Log.StoreRefused(node.Logger, store.Name, refusal);
        if (!outcome.IsLost) return false;
        if (pass is null) ExceptionDispatchInfo.Throw(outcome.Failure!);
        pass.Leave(outcome.Failure!);
        return true;
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
