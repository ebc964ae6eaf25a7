using Kessan.Caching.Storage;

namespace Kessan.Caching.Filling;

/// <summary>
/// The same way as <see cref="FillRunner"/> for many keys at once: one read of the store, one request for leases, one call of the source
/// for all that is missing, one write.
/// </summary>
internal sealed class BatchRunner(CacheNode node, FillRunner runner, StoreReader reader, LeaseSteps leases, SourceStep source)
{
    /// <summary>Runs fills that stand in their activities; each ends, and leaves its activity, as soon as its value is known.</summary>
    /// <returns>Ends, without a failure, when the store was read: what it had is filled by then, the rest goes on.</returns>
    public Task StartAsync<T>(
        IReadOnlyList<BatchFill<T>> fills, Func<IReadOnlyList<string>, CacheFillContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> call)
    {
        var open = new List<BatchFill<T>>(fills);
        var started = node.Time.GetTimestamp();
        var reading = ReadStoreAsync(open).AsTask();
        _ = RunAsync(open, reading, started, call);
        return Task.WhenAny(reading);
    }

    private async Task RunAsync<T>(
        List<BatchFill<T>> open,
        Task reading,
        long started,
        Func<IReadOnlyList<string>, CacheFillContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> call)
    {
        try
        {
            await reading.ConfigureAwait(false);
            if (open.Count == 0) return;
            if (!open[0].Plan.AsksSource)
            {
                foreach (var fill in open) runner.Abandon(fill, runner.LastResort(fill));
                open.Clear();
                return;
            }

            await AcquireLeasesAsync(open).ConfigureAwait(false);
            if (open.Count > 0) await FillAllAsync(open, call).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            foreach (var fill in open) await runner.GiveUpAsync(fill, failure).ConfigureAwait(false);
        }
        finally
        {
            node.Metrics.OperationTook(node.Time.GetElapsedTime(started), "get_many");
        }
    }

    private async ValueTask ReadStoreAsync<T>(List<BatchFill<T>> open)
    {
        if (node.Store is null || !open[0].Plan.ReadsStore) return;
        var epoch = node.Trust.Epoch;
        var readings = await node.Store.GetManyAsync([.. open.Select(fill => fill.Key)], StoreReadOptions.Default).ConfigureAwait(false);
        var prefetched = readings is null || open[0].Plan.ReadsL1 ? null : await node.Generations.ReadAnewAsync(readings).ConfigureAwait(false);
        for (var i = open.Count - 1; i >= 0; i--)
        {
            var fill = open[i];
            CacheLookup<T> lookup = default;
            if (readings is null || node.Journal.HoldsKey(fill.Key)) // as in StoreReader: what stands there is older than what this node did
            {
                fill.StoreAway = true;
                lookup = runner.ServeAlone(fill);
            }
            else if (readings[i].Entry is null)
            {
                reader.ForgetHeld(fill);
            }
            else
            {
                var taken = reader.TryTake(fill, readings[i], epoch, prefetched, out lookup);
                if (taken is null) (taken, lookup) = await reader.TakeAsync(fill, readings[i], epoch).ConfigureAwait(false);
                if (!taken.Value) lookup = await reader.ReadAsync(fill).ConfigureAwait(false);
            }

            if (!lookup.Found) continue;
            runner.Abandon(fill, lookup);
            open.RemoveAt(i);
        }
    }

    /// <summary>Leaves those fills open that may, or must, ask the source; those that another node is at go on by themselves.</summary>
    private async ValueTask AcquireLeasesAsync<T>(List<BatchFill<T>> open)
    {
        var asking = open.Where(fill => node.Store is not null && !fill.StoreAway && fill.Plan.WritesStore).ToList();
        if (asking.Count == 0) return;
        foreach (var fill in asking)
        {
            fill.Nonce = Guid.NewGuid().ToString("N");
            if (!fill.Plan.ReadsStore) fill.UnwantedVersion = long.MaxValue;
        }

        var results = await node.Store!.AcquireLeasesAsync([.. asking.Select(fill => new LeaseRequest(fill.Key, fill.Nonce!, node.Options.LeaseDuration)
        {
            UnwantedVersion = fill.UnwantedVersion,
        })]).ConfigureAwait(false);
        for (var i = 0; i < asking.Count; i++)
        {
            var fill = asking[i];
            if (results is null)
            {
                fill.StoreAway = true;
            }
            else if (results[i].Outcome == LeaseOutcome.Granted)
            {
                fill.HasLease = true;
                fill.LeaseVersion = results[i].Version;
            }
            else
            {
                open.Remove(fill);
                _ = runner.ContinueAloneAsync(fill);
            }
        }
    }

    private async ValueTask FillAllAsync<T>(
        List<BatchFill<T>> open, Func<IReadOnlyList<string>, CacheFillContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> call)
    {
        var plan = open[0].Plan;
        var shared = new CacheFillContext("", plan.Expiration, plan.StaleWindow);
        var before = new BeforeSource[open.Count];
        var renewals = open.Where(fill => fill.HasLease).Select(leases.KeepRenewing).ToArray();
        var started = node.Time.GetTimestamp();
        IReadOnlyDictionary<string, T> values;
        try
        {
            var leased = open.Where(fill => fill.HasLease).SelectMany(fill => node.Tags.Stamp(fill.Plan.Tags)).ToArray();
            var generations = leased.Length == 0 ? null : await node.Generations.PrefetchAsync(leased).ConfigureAwait(false);
            for (var i = 0; i < before.Length; i++) before[i] = await source.PrepareAsync(open[i], generations).ConfigureAwait(false);

            string[] keys = [.. open.Select(fill => fill.Key)];
            started = node.Time.GetTimestamp();
            var calling = source.CallAsync(plan, (call, keys, shared), static (all, token) => all.call(all.keys, all.shared, token)).AsTask();
            await AnswerStaleIfSlowAsync(open, calling, plan.SourceSoftTimeout).ConfigureAwait(false);
            values = await calling.ConfigureAwait(false);
        }
        finally
        {
            foreach (var renewal in renewals) await renewal.DisposeAsync().ConfigureAwait(false);
        }

        var cost = node.Time.GetElapsedTime(started);
        var entries = new StoredEntry?[open.Count];
        List<StoreWrite> writes = [];
        List<int> writers = [];
        for (var i = 0; i < entries.Length; i++)
        {
            if (!values.TryGetValue(open[i].Key, out var value)) continue;
            var own = new CacheFillContext(
                open[i].Key,
                shared.Expiration < open[i].Plan.Expiration ? shared.Expiration : open[i].Plan.Expiration,
                shared.StaleWindow < open[i].Plan.StaleWindow ? shared.StaleWindow : open[i].Plan.StaleWindow);
            entries[i] = source.MakeEntry(open[i].Plan, own, value, cost / open.Count);
            if (entries[i] is not { } entry || source.ToWrite(open[i], before[i], entry) is not { } write) continue;
            entries[i] = entry with { Tags = write.Entry.Tags };
            writes.Add(write);
            writers.Add(i);
        }

        var results = writes.Count == 0 ? [] : await node.Store!.SetManyAsync(writes).ConfigureAwait(false);
        var written = new StoreWriteResult?[open.Count];
        for (var j = 0; j < writers.Count; j++)
        {
            open[writers[j]].HasLease = false;
            written[writers[j]] = results?[j];
        }

        for (var i = 0; i < entries.Length; i++)
        {
            await leases.ReleaseAsync(open[i]).ConfigureAwait(false);
            runner.Abandon(open[i], values.TryGetValue(open[i].Key, out var value) ? source.Conclude(open[i], before[i], value, entries[i], written[i]) : default);
        }

        open.Clear();
    }

    /// <summary>Whoever can be given something stale does not wait for a slow source.</summary>
    private async ValueTask AnswerStaleIfSlowAsync<T>(List<BatchFill<T>> open, Task calling, TimeSpan softTimeout)
    {
        if (calling.IsCompleted) return;
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(calling, Task.Delay(softTimeout, node.Time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        if (calling.IsCompleted) return;
        foreach (var fill in open) runner.AnswerStale(fill);
    }
}
