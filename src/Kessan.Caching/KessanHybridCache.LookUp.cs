using Kessan.Caching.Filling;
using Kessan.Caching.HotKeys;
using Kessan.Caching.Keys;
using Kessan.Caching.Local;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching;

// The first two steps of the request path: look-up in L1, and joining a fill of this process. The rest is FillRunner.
public sealed partial class KessanHybridCache
{
    private static readonly CacheEntryOptions ReadOnly = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

    internal bool IsKey(string key) => KeyRules.IsValid(key, _maximumKeyLength);

    internal ValueTask<CacheLookup<T>> TryGetAsync<T>(string key, HybridCacheEntryFlags flags, CancellationToken cancellationToken)
        => FindAsync<object?, T>(
            key,
            null,
            static (_, _, _) => throw new InvalidOperationException("A read without a source has no source."),
            flags == HybridCacheEntryFlags.None ? ReadOnly : new() { Flags = flags | HybridCacheEntryFlags.DisableUnderlyingData },
            null,
            cancellationToken);

    /// <summary>A hit of L1, fresh or stale; counted only if there is one. False: the whole look-up has to say.</summary>
    internal bool TryGetFromL1<T>(string key, out CacheLookup<T> lookup)
    {
        lookup = default;
        if (!_local.TryGet(key, out var entry)) return false;
        var verdict = _judge.IsPlainHit(entry, out var now) ? LocalVerdict.Hit : _judge.Judge(entry, now);
        if (verdict < LocalVerdict.Stale || entry is LocalFailure || !TryServe(key, entry, verdict, out lookup)) return false;
        _local.Use(key, entry, now);
        return true;
    }

    /// <summary>An entry as it is to be written; its own lifetime and tags count, not the key's.</summary>
    /// <remarks>What the entry says of its tags' generations is not believed: they are read anew, before the write.</remarks>
    internal EntryToWrite<StoredEntry> PrepareEntry(StoreWrite write)
    {
        KeyRules.Check(write.Key, _maximumKeyLength);
        var tags = write.Entry.Tags.Select(tag => tag.Tag).Where(tag => tag != TagTable.Wildcard);
        var plan = _node.Planner.Plan(write.Key, new CacheEntryOptions { Expiration = write.Entry.Lifetime, StaleWindow = write.Entry.StaleWindow }, tags);
        return new EntryToWrite<StoredEntry>(write.Key, write.Entry, write.Entry, write.Condition, plan, KeepPayload: true);
    }

    private ValueTask<CacheLookup<T>> FindAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CacheFillContext, CancellationToken, ValueTask<T>> source,
        CacheEntryOptions? options,
        IEnumerable<string>? tags,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LocalEntry? held = null;
        if (((options?.Flags ?? _node.Planner.DefaultFlags) & HybridCacheEntryFlags.DisableLocalCacheRead) == 0 && _local.TryGet(key, out var entry))
        {
            var verdict = _judge.IsPlainHit(entry, out var now) ? LocalVerdict.Hit : _judge.Judge(entry, now);
            _local.Use(key, entry, now);
            if (verdict >= LocalVerdict.Stale && FailureOf(entry) is { } failure) return ValueTask.FromException<CacheLookup<T>>(failure);
            if (verdict >= LocalVerdict.Stale && TryServe<T>(key, entry, verdict, out var lookup))
            {
                if (verdict == LocalVerdict.Ending) RefreshPerhaps(key, entry, state, source, options, tags);
                return new(lookup);
            }

            if (verdict == LocalVerdict.Useless) _local.Remove(key, entry);
            else held = entry;
        }

        KeyRules.Check(key, _maximumKeyLength); // no key that breaks them is in L1
        return FillAsync(key, held, state, source, _node.Planner.Plan(key, options, tags), cancellationToken);
    }

    private Exception? FailureOf(LocalEntry entry)
    {
        if (entry is not LocalFailure remembered) return null;
        _requests.Count(CacheLayer.L1, RequestOutcome.Error, entry.DataType);
        return remembered.Failure;
    }

    private bool TryServe<T>(string key, LocalEntry entry, LocalVerdict verdict, out CacheLookup<T> lookup)
    {
        if (!LocalReader.TryRead<T>(entry, _node.Values, out var value))
        {
            lookup = default;
            return false;
        }

        var isStale = verdict == LocalVerdict.Stale;
        lookup = _installer.Lookup(entry, value, CacheLayer.L1, isStale, isUnverified: verdict == LocalVerdict.Unverified);
        if (isStale) _node.Metrics.StaleServed("error", -lookup.TimeLeft);
        Count(key, CacheLayer.L1, OutcomeOf(lookup), entry.DataType);
        return true;
    }

    /// <summary>Joins the fill that another call has begun, or begins one.</summary>
    private ValueTask<CacheLookup<T>> FillAsync<TState, T>(
        string key,
        LocalEntry? held,
        TState state,
        Func<TState, CacheFillContext, CancellationToken, ValueTask<T>> source,
        EntryPlan plan,
        CancellationToken cancellationToken)
    {
        var activity = _node.Activities.Enter(key);
        Task<CacheLookup<T>>? joined = null;
        Fill<TState, T>? fill = null;
        lock (activity.Lock)
        {
            if (activity.FindFill<T>(plan.Flags) is { } running)
            {
                joined = running.Join();
            }
            else
            {
                fill = new Fill<TState, T>(key, plan, activity, state, source) { Held = held, Stamps = _node.Tags.Stamp(plan.Tags) };
                activity.Add(fill);
            }
        }

        if (fill is null)
        {
            _node.Activities.Leave(key, activity);
            _node.Metrics.Joined();
            return AwaitFillAsync(key, joined!, isJoined: true, plan.DataType, cancellationToken);
        }

        // Another call may have filled the key between this one's look-up and its entering the activity.
        if (plan.ReadsL1 && _local.TryGet(key, out var entry) && !ReferenceEquals(entry, held)
            && _judge.Judge(entry) is >= LocalVerdict.Unverified and var verdict && TryServe<T>(key, entry, verdict, out var lookup))
        {
            _runner.Abandon(fill, lookup);
            return new(lookup);
        }

        return AwaitFillAsync(key, _runner.RunAsync(fill), isJoined: false, plan.DataType, cancellationToken);
    }

    /// <summary>A caller's wait for a fill, and its count.</summary>
    private async ValueTask<CacheLookup<T>> AwaitFillAsync<T>(
        string key, Task<CacheLookup<T>> run, bool isJoined, CacheDataType type, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled) Unobserved.Ignore(run); // a caller that leaves does not make a failure unobserved
        try
        {
            var result = await (cancellationToken.CanBeCanceled ? run.WaitAsync(cancellationToken) : run).ConfigureAwait(false);
            CountFilled(key, result, isJoined, type);
            return result;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested) // counted, not handled
        {
            _requests.Count(CacheLayer.Source, RequestOutcome.Error, type);
            throw;
        }
    }

    private void RefreshPerhaps<TState, T>(
        string key,
        LocalEntry entry,
        TState state,
        Func<TState, CacheFillContext, CancellationToken, ValueTask<T>> source,
        CacheEntryOptions? options,
        IEnumerable<string>? tags)
    {
        if (((options?.Flags ?? _node.Planner.DefaultFlags) & HybridCacheEntryFlags.DisableUnderlyingData) != 0 || !_judge.DrawsRefresh(entry)) return;
        var plan = _node.Planner.Plan(key, options, tags);
        var activity = _node.Activities.Enter(key);
        var fill = new Fill<TState, T>(key, plan, activity, state, source)
        {
            Held = entry,
            IsRefresh = true,
            MayComeBackEmpty = _node.Store is not null,
            UnwantedVersion = entry.Version,
            Stamps = _node.Tags.Stamp(plan.Tags),
        };
        lock (activity.Lock)
        {
            if (activity.HasFills) fill = null; // somebody is at it
            else activity.Add(fill);
        }

        if (fill is null) _node.Activities.Leave(key, activity);
        else _ = Task.Run(() => RunBehindAsync(fill)); // a source's synchronous part must not hold up this hit
    }

    private async Task RunBehindAsync<T>(Fill<T> fill)
    {
        try
        {
            await _runner.RunAsync(fill).ConfigureAwait(false);
        }
        catch (Exception failure) // the value that is being refreshed is still good
        {
            Log.BackgroundFillFailed(_node.Logger, failure);
        }
    }

    /// <summary>Counts what came from beyond L1. One who joined a fill joined, whatever it was, unless it got something stale.</summary>
    private void CountFilled<T>(string key, in CacheLookup<T> result, bool joined, CacheDataType type)
    {
        var outcome = OutcomeOf(result);
        if (joined && outcome == RequestOutcome.Stale) _node.Metrics.StaleServed("join", -result.TimeLeft);
        else if (joined && result.Found) outcome = RequestOutcome.Join;
        Count(key, result.Layer, outcome, type);
    }

    private void Count(string key, CacheLayer layer, RequestOutcome outcome, CacheDataType type)
    {
        if (HotKeyTracker.IsSample(_requests.Count(layer, outcome, type))) _hotKeys.Record(key, type);
    }

    private static RequestOutcome OutcomeOf<T>(in CacheLookup<T> lookup) => lookup switch
    {
        { Found: false } => RequestOutcome.Miss,
        { IsStale: true } => RequestOutcome.Stale,
        { IsUnverified: true } => RequestOutcome.Unverified,
        { Layer: CacheLayer.Source } => RequestOutcome.Fill,
        _ => RequestOutcome.Hit,
    };
}
