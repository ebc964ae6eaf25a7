using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;

namespace Kessan.Caching.Filling;

/// <summary>
/// Writes that a caller asks for. Whatever is being fetched for a key when its write begins, or begins before it has ended, is older than
/// it and goes into no layer.
/// </summary>
internal sealed class EntryWriter(CacheNode node, LocalInstaller installer)
{
    /// <summary>A value as it is to be written.</summary>
    /// <exception cref="ArgumentException">The lifetime is not above 0, or the value is over the payload limit.</exception>
    public EntryToWrite<T> Prepare<T>(string key, T value, EntryPlan plan)
    {
        if (plan.Expiration <= TimeSpan.Zero) throw new ArgumentException($"An entry's lifetime must be above 0, not {plan.Expiration}.", nameof(value));
        var (payload, traits) = node.Values.SerializeArgument(value);
        var entry = new StoredEntry
        {
            Payload = payload,
            Traits = traits,
            Lifetime = plan.Expiration,
            StaleWindow = plan.StaleWindow,
        };
        return new EntryToWrite<T>(key, value, entry, WriteCondition.Always, plan, !ImmutableTypes<T>.IsImmutable);
    }

    /// <summary>Writes; the outcomes have the order of the writes. A caller that leaves does not end them.</summary>
    public async ValueTask<EntryWriteOutcome[]> WriteAsync<T>(IReadOnlyList<EntryToWrite<T>> writes, CancellationToken cancellationToken)
    {
        var activities = new KeyActivity[writes.Count];
        for (var i = 0; i < activities.Length; i++)
        {
            activities[i] = node.Activities.Enter(writes[i].Key);
            lock (activities[i].Lock) activities[i].Supersede();
        }

        return await WriteEnteredAsync(writes, activities).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<EntryWriteOutcome[]> WriteEnteredAsync<T>(IReadOnlyList<EntryToWrite<T>> writes, KeyActivity[] activities)
    {
        var started = node.Time.GetTimestamp();
        try
        {
            var epoch = node.Trust.Epoch;
            var (begun, server) = (node.Journal.Mark(), node.Recent.Server);
            var stamps = new TagStamp[writes.Count][];
            for (var i = 0; i < stamps.Length; i++) stamps[i] = node.Tags.Stamp(writes[i].Plan.Tags);

            var seen = new long[writes.Count];
            for (var i = 0; i < seen.Length; i++) seen[i] = node.Local.TryGet(writes[i].Key, out var before) ? before.Version : 0;

            var stored = await StoreAsync(writes, stamps).ConfigureAwait(false);
            var outcomes = new EntryWriteOutcome[writes.Count];
            for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Conclude(writes[i], stored[i], stamps[i], epoch, seen[i], begun, server, activities[i]);
            return outcomes;
        }
        finally
        {
            for (var i = 0; i < activities.Length; i++)
            {
                lock (activities[i].Lock) activities[i].Supersede();
                node.Activities.Leave(writes[i].Key, activities[i]);
            }

            node.Metrics.OperationTook(node.Time.GetElapsedTime(started), "set");
        }
    }

    /// <summary>Writes to the store what is to go there; <see langword="null"/> where that did not happen or is not known.</summary>
    private async ValueTask<StoreWriteResult?[]> StoreAsync<T>(IReadOnlyList<EntryToWrite<T>> writes, TagStamp[][] stamps)
    {
        var results = new StoreWriteResult?[writes.Count];
        if (node.Store is not { IsAvailable: true } store) return results;
        var prefetched = writes.Count > 1 ? await node.Generations.PrefetchAsync(stamps.SelectMany(all => all)).ConfigureAwait(false) : null;

        List<StoreWrite> batch = [];
        List<int> places = [];
        for (var i = 0; i < writes.Count; i++)
        {
            if (!writes[i].Plan.WritesStore || IsUndecidable(writes[i])) continue;
            var generations = await node.Generations.ForAsync(stamps[i], prefetched).ConfigureAwait(false);
            if (generations is null)
            {
                // A tag was invalidated at this moment: the write comes after that.
                stamps[i] = node.Tags.Stamp(writes[i].Plan.Tags);
                generations = await node.Generations.ForAsync(stamps[i]).ConfigureAwait(false);
            }

            if (generations is null) continue;
            if (KeepOwn(writes[i].Entry, generations)) stamps[i] = [new TagStamp(node.Tags.Everything, node.Tags.Everything.Changes - 1)];
            batch.Add(new StoreWrite(writes[i].Key, EntryDressing.DressForStore(writes[i].Entry, writes[i].Plan, generations, node.Options), writes[i].Condition));
            places.Add(i);
        }

        if (batch.Count == 1)
        {
            results[places[0]] = await store.SetAsync(batch[0]).ConfigureAwait(false);
        }
        else if (batch.Count > 1 && await store.SetManyAsync(batch).ConfigureAwait(false) is { } all)
        {
            for (var j = 0; j < places.Count; j++) results[places[j]] = all[j];
        }

        return results;
    }

    /// <summary>
    /// A condition is about what this node changed last, which the store has not heard of: it would be met by what was there before, and the change
    /// forgotten.
    /// </summary>
    private bool IsUndecidable<T>(in EntryToWrite<T> write) => write.Condition.Kind != WriteConditionKind.Always && node.Journal.HoldsKey(write.Key);

    /// <summary>
    /// A fill that came from elsewhere brings the generations that were current before its source ran: they stay. True: one of them
    /// is out of date by now, so that the entry must not become a hit in L1.
    /// </summary>
    private static bool KeepOwn(StoredEntry entry, TagGeneration[] generations)
    {
        var outdated = false;
        for (var i = 0; i < generations.Length; i++)
        {
            foreach (var own in entry.Tags)
            {
                if (own.Generation == 0 || own.Tag != generations[i].Tag || own.Generation == generations[i].Generation) continue;
                generations[i] = own;
                outdated = true;
            }
        }

        return outdated;
    }

    private EntryWriteOutcome Conclude<T>(
        in EntryToWrite<T> write, StoreWriteResult? stored, TagStamp[] stamps, int epoch, long seen, long begun, int server, KeyActivity activity)
    {
        if (node.Store is null || !write.Plan.WritesStore)
        {
            if (write.Condition.Kind != WriteConditionKind.Always) return new EntryWriteOutcome(EntryWriteStatus.Unavailable, 0);
            Put(write, 0, stamps, epoch, isUnleased: false, activity);
            return new EntryWriteOutcome(EntryWriteStatus.Stored, 0);
        }

        if (stored is { Stored: false } refused) return new EntryWriteOutcome(EntryWriteStatus.Refused, refused.Version);
        if (stored is { } written)
        {
            node.Journal.Forget(write.Key, begun);
            if (!node.Recent.Remember(write.Key, written.Version, server)) node.Journal.Record(write.Key, null, 0);
            lock (activity.Lock) activity.Know(written.Version);
            Put(write, written.Version, stamps, epoch, isUnleased: false, activity);
            return new EntryWriteOutcome(EntryWriteStatus.Stored, written.Version);
        }

        if (write.Condition.Kind != WriteConditionKind.Always)
        {
            // Only the store can decide it. It may have, without our hearing of it: then L1 must not know better.
            if (!IsUndecidable(write))
            {
                lock (activity.Lock) node.Local.Remove(write.Key);
            }

            return new EntryWriteOutcome(EntryWriteStatus.Unavailable, 0);
        }

        var dressed = TagGenerations.LastKnown(stamps) is { } known ? EntryDressing.DressForStore(write.Entry, write.Plan, known, node.Options) : null;
        lock (activity.Lock) node.Journal.Record(write.Key, dressed, seen);
        Put(write, 0, stamps, epoch, isUnleased: true, activity);
        return new EntryWriteOutcome(EntryWriteStatus.LocalOnly, 0);
    }

    private void Put<T>(in EntryToWrite<T> write, long version, TagStamp[] stamps, int epoch, bool isUnleased, KeyActivity activity)
    {
        lock (activity.Lock)
        {
            if (version != 0 && version < activity.KnownVersion) return; // somebody wrote after us
            if (!write.Plan.WritesL1)
            {
                node.Local.Remove(write.Key);
                return;
            }

            // As the store has it, but for the compression: whoever reads it through this node follows its tags.
            var tags = stamps.Select(stamp => new TagGeneration(stamp.State.Tag, stamp.State.LastKnownGeneration)).ToArray();
            var entry = EntryDressing.Dress(write.Entry, write.Plan, tags) with { Version = version };
            node.Local.Put(write.Key, installer.Make(write.Key, write.Value, entry, write.Plan, stamps, epoch, write.KeepPayload, isUnleased));
        }
    }
}
