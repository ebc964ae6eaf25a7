using System.Diagnostics;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Filling;

/// <summary>The steps "source" and "write": asks the source under the fill's own deadline, and stores what it gave under the lease's fence.</summary>
internal sealed class SourceStep(CacheNode node, LocalInstaller installer, LeaseSteps leases)
{
    public async ValueTask<CacheLookup<T>> RunAsync<T>(Fill<T> fill)
    {
        var before = await PrepareAsync(fill).ConfigureAwait(false);
        var context = new CacheFillContext(fill.Key, fill.Plan.Expiration, fill.Plan.StaleWindow);
        var started = node.Time.GetTimestamp();
        T value;
        await using (fill.HasLease ? leases.KeepRenewing(fill) : null)
        {
            value = await CallAsync(
                fill.Plan, (fill, context), static (both, token) => both.fill.CallSourceAsync(both.context, token)).ConfigureAwait(false);
        }

        if (context.IsMissing)
        {
            await leases.ReleaseAsync(fill).ConfigureAwait(false);
            return default;
        }

        var entry = MakeEntry(fill.Plan, context, value, node.Time.GetElapsedTime(started));
        StoreWriteResult? written = null;
        if (entry is not null && ToWrite(fill, before, entry) is { } write)
        {
            written = await node.Store!.SetAsync(write).ConfigureAwait(false);
            fill.HasLease = false;
            entry = entry with { Tags = write.Entry.Tags }; // in L1 without the compression
        }

        await leases.ReleaseAsync(fill).ConfigureAwait(false);
        return Conclude(fill, before, value, entry, written);
    }

    /// <summary>Before the source runs: the counts and generations of the tags, so that an invalidation during the call is noticed.</summary>
    public async ValueTask<BeforeSource> PrepareAsync(Fill fill, IReadOnlyDictionary<TagState, long>? prefetched = null)
    {
        var (epoch, server) = (node.Trust.Epoch, node.Recent.Server);
        TagStamp[] stamps;
        lock (fill.Activity.Lock)
        {
            stamps = node.Tags.Stamp(fill.Plan.Tags);
            fill.Stamps = stamps;
            fill.Phase = FillPhase.Source;
        }

        return new BeforeSource(stamps, epoch, server, fill.HasLease ? await node.Generations.ForAsync(stamps, prefetched).ConfigureAwait(false) : null);
    }

    /// <summary>Calls a source under the deadline.</summary>
    /// <exception cref="TimeoutException">It did not answer within the deadline.</exception>
    public async ValueTask<TResult> CallAsync<TArgument, TResult>(
        EntryPlan plan, TArgument argument, Func<TArgument, CancellationToken, ValueTask<TResult>> source)
    {
        using var trace = CacheMetrics.Activities.StartActivity("kessan.cache.fill");
        trace?.SetTag("kessan.cache.data_type", MetricTags.Of(plan.DataType));
        using var deadline = new CancellationTokenSource(plan.FillDeadline, node.Time);
        var started = node.Time.GetTimestamp();
        var outcome = "error";
        try
        {
            var call = source(argument, deadline.Token);
            TResult value;
            if (call.IsCompleted)
            {
                value = await call.ConfigureAwait(false);
            }
            else
            {
                var running = call.AsTask();
                Unobserved.Ignore(running); // after the deadline nobody waits for it any more
                value = await running.WaitAsync(deadline.Token).ConfigureAwait(false);
            }

            outcome = "success";
            return value;
        }
        catch (OperationCanceledException canceled) when (deadline.IsCancellationRequested)
        {
            outcome = "timeout";
            throw new TimeoutException($"The source did not answer within FillDeadline ({plan.FillDeadline}).", canceled);
        }
        finally
        {
            if (outcome != "success") trace?.SetStatus(ActivityStatusCode.Error, outcome);
            node.Metrics.SourceRan(node.Time.GetElapsedTime(started), plan.DataType, outcome);
        }
    }

    /// <summary>The entry of a value that is to be cached; <see langword="null"/>: it is not to be.</summary>
    public StoredEntry? MakeEntry<T>(EntryPlan plan, CacheFillContext context, T value, TimeSpan cost)
    {
        var lifetime = value is null ? plan.NegativeExpiration : context.Expiration;
        if (lifetime <= TimeSpan.Zero) return null;
        try
        {
            var (payload, traits) = node.Values.Serialize(value);
            return new StoredEntry
            {
                Payload = payload,
                Traits = traits,
                Lifetime = lifetime,
                StaleWindow = value is null ? TimeSpan.Zero : context.StaleWindow,
                SourceCost = cost,
            };
        }
        catch (PayloadTooLargeException tooLarge)
        {
            Log.PayloadTooLarge(node.Logger, tooLarge.Bytes, tooLarge.Limit);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // the source's value is good, whatever its serializer says
        {
            Log.SerializationFailed(node.Logger, typeof(T).Name, failure.GetType().Name);
            Log.SerializerFailed(node.Logger, failure);
        }

        return null;
    }

    /// <summary>The fenced write of a fill; <see langword="null"/>: it must not write (no lease, or the key or a tag was changed meanwhile).</summary>
    public StoreWrite? ToWrite(Fill fill, BeforeSource before, StoredEntry entry)
    {
        lock (fill.Activity.Lock)
        {
            if (!fill.HasLease || before.Generations is null || !fill.MayPublish) return null;
            fill.Phase = FillPhase.Writing;
        }

        return new StoreWrite(
            fill.Key, EntryDressing.DressForStore(entry, fill.Plan, before.Generations, node.Options), WriteCondition.IfLeaseHeld(fill.Nonce!));
    }

    /// <summary>After the write: puts the value into L1, if it may stand there.</summary>
    /// <param name="fill">The fill.</param>
    /// <param name="before">What was noted before the source ran.</param>
    /// <param name="value">The source's value.</param>
    /// <param name="entry">Its entry; <see langword="null"/>: it is not to be cached.</param>
    /// <param name="written">What became of the write; <see langword="null"/>: there was none, or its outcome is not known.</param>
    public CacheLookup<T> Conclude<T>(Fill<T> fill, BeforeSource before, T value, StoredEntry? entry, StoreWriteResult? written)
    {
        if (entry is null) return Uncached(value, TimeSpan.Zero);
        if (written is { Stored: false }) return Uncached(value, entry.Lifetime); // a change voided the lease: the value is older than it
        if (written is { Stored: true } stored)
        {
            if (!node.Recent.Remember(fill.Key, stored.Version, before.Server)) node.Journal.Record(fill.Key, null, 0);
            entry = entry with { Version = stored.Version };
            lock (fill.Activity.Lock) fill.Activity.Wake(); // this process's own waiters do not need the backplane for it
        }

        // What the store does not have lives in L1 for seconds only: no other node's write is fenced against it.
        var isUnleased = node.Store is not null && fill.Plan.WritesStore && written is null;
        var plan = fill.Plan;
        if (isUnleased && node.Options.UnleasedLifetime < entry.Lifetime) entry = entry with { Lifetime = node.Options.UnleasedLifetime };
        var local = installer.Make(
            fill.Key, value, entry, plan, before.Stamps, before.Epoch, keepPayload: !ImmutableTypes<T>.IsImmutable, isUnleased);
        return installer.Install(fill, local)
            ? installer.Lookup(local, value, CacheLayer.Source, isStale: false)
            : Uncached(value, entry.Lifetime);
    }

    private static CacheLookup<T> Uncached<T>(T value, TimeSpan lifetime) => new(true, value, CacheLayer.Source, TimeSpan.Zero, lifetime, false, 0);
}

/// <summary>What is noted of an entry's tags before its source runs.</summary>
internal readonly record struct BeforeSource(TagStamp[] Stamps, int Epoch, int Server, TagGeneration[]? Generations);
