using Kessan.Caching.Local;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Filling;

/// <summary>
/// The way of a key that is no hit in L1: store read, lease, source, write, publish. One run serves all callers of this process
/// that join it.
/// </summary>
internal sealed class FillRunner
{
    private readonly CacheNode _node;
    private readonly StoreReader _reader;
    private readonly LeaseSteps _leases;
    private readonly SourceStep _source;
    private readonly LocalInstaller _installer;

    public FillRunner(CacheNode node, LocalInstaller installer)
    {
        _node = node;
        _installer = installer;
        _reader = new StoreReader(node, installer);
        _leases = new LeaseSteps(node, _reader);
        _source = new SourceStep(node, installer, _leases);
        Batches = new BatchRunner(node, this, _reader, _leases, _source);
    }

    /// <summary>The same for many keys at once.</summary>
    public BatchRunner Batches { get; }

    /// <summary>
    /// Runs a fill that stands in its activity, and leaves the activity when all is done. If there is something stale to give and the source
    /// fails or is slow, that is the result, and the rest goes on behind it.
    /// </summary>
    public async Task<CacheLookup<T>> RunAsync<T>(Fill<T> fill)
    {
        var started = _node.Time.GetTimestamp();
        var handedOver = false;
        try
        {
            CacheLookup<T> result;
            if (_node.Store is not null && fill.Plan.ReadsStore && !fill.IsRefresh)
            {
                result = await _reader.ReadAsync(fill).ConfigureAwait(false);
                if (!result.Found && fill.StoreAway) result = ServeAlone(fill);
                if (result.Found) return Complete(fill, result);
            }

            if (!fill.Plan.AsksSource) return Complete(fill, LastResort(fill));

            var work = LeaseAndSourceAsync(fill);
            if (Stale(fill) is null || fill.IsRefresh) return Complete(fill, await work.ConfigureAwait(false));
            try
            {
                result = await work.WaitAsync(fill.Plan.SourceSoftTimeout, _node.Time).ConfigureAwait(false);
                return Complete(fill, result);
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                // What was good enough a moment ago may have been removed meanwhile: then there is only the source to wait for.
                if (Stale(fill) is not { } stale) return Complete(fill, await work.ConfigureAwait(false));
                handedOver = true;
                _ = FinishBehindAsync(fill, work);
                return Complete(fill, ServeStale<T>(stale, "slow"), isDone: false);
            }
            catch (Exception failure) when (Stale(fill) is { } stale)
            {
                Log.SourceFailedStale(_node.Logger, failure);
                stale.RetryAt = CacheClock.Add(_node.Clock.Now, _node.Options.StaleRetryInterval);
                KeepStale(fill, stale);
                return Complete(fill, ServeStale<T>(stale, "error"));
            }
        }
        catch (Exception failure)
        {
            Fail(fill, failure);
            throw;
        }
        finally
        {
            if (!handedOver) Leave(fill);
            _node.Metrics.OperationTook(_node.Time.GetElapsedTime(started), "get");
        }
    }

    /// <summary>Ends a fill that turned out not to be needed.</summary>
    public void Abandon<T>(Fill<T> fill, CacheLookup<T> result)
    {
        Complete(fill, result); // which takes it out of its activity
        _node.Activities.Leave(fill.Key, fill.Activity);
    }

    /// <summary>Ends a fill of a batch whose source failed: with something stale, or with the failure.</summary>
    public async ValueTask GiveUpAsync<T>(Fill<T> fill, Exception failure)
    {
        await _leases.ReleaseAsync(fill).ConfigureAwait(false);
        if (Stale(fill) is { } stale)
        {
            stale.RetryAt = CacheClock.Add(_node.Clock.Now, _node.Options.StaleRetryInterval);
            Complete(fill, ServeStale<T>(stale, "error"));
        }
        else
        {
            Fail(fill, failure);
        }

        Leave(fill);
    }

    /// <summary>One key of a batch that another node is filling: waits for it, or fills it alone.</summary>
    public async Task ContinueAloneAsync<T>(Fill<T> fill)
    {
        try
        {
            Complete(fill, await LeaseAndSourceAsync(fill).ConfigureAwait(false));
            Leave(fill);
        }
        catch (Exception failure)
        {
            await GiveUpAsync(fill, failure).ConfigureAwait(false);
        }
    }

    private async Task<CacheLookup<T>> LeaseAndSourceAsync<T>(Fill<T> fill)
    {
        if (_node.Store is not null && !fill.StoreAway && fill.Plan.WritesStore)
        {
            if (!fill.Plan.ReadsStore) fill.UnwantedVersion = long.MaxValue; // the caller wants a new value, whatever there is
            var published = await _leases.AcquireAsync(fill).ConfigureAwait(false);
            if (published.Found) return published;
            if (fill is { IsRefresh: true, HasLease: false }) return default;
        }

        if (fill is { IsRefresh: false, HasLease: false } && RunningRefresh(fill) is { } refresh)
        {
            var brought = await refresh.ConfigureAwait(false);
            if (brought.Found) return brought;
        }

        try
        {
            return await _source.RunAsync(fill).ConfigureAwait(false);
        }
        catch
        {
            await _leases.ReleaseAsync(fill).ConfigureAwait(false); // the next one may try at once
            throw;
        }
    }

    /// <summary>No lease tells a fill that has none that this node's own early refresh is at the source already.</summary>
    private static Task<CacheLookup<T>>? RunningRefresh<T>(Fill<T> fill)
    {
        lock (fill.Activity.Lock) return fill.Activity.FindRefresh<T>(fill.Plan.Flags)?.Join();
    }

    /// <summary>For a read without a source: with the store away, even a stale value is better than nothing.</summary>
    public CacheLookup<T> LastResort<T>(Fill<T> fill)
    {
        if (!fill.StoreAway) return default;
        return Stale(fill) is { } last ? ServeStale<T>(last, "store") : default(CacheLookup<T>) with { IsStoreAway = true };
    }

    /// <summary>Answers those who wait with something stale, if there is; the fill itself goes on.</summary>
    public void AnswerStale<T>(Fill<T> fill)
    {
        if (Stale(fill) is { } stale) Complete(fill, ServeStale<T>(stale, "slow"), isDone: false);
    }

    /// <summary>With the store away, L1 goes on for a while with what it cannot check.</summary>
    public CacheLookup<T> ServeAlone<T>(Fill<T> fill)
    {
        if (fill.Held is not { } held || held.FreshUntil <= _node.Clock.Now || !fill.Plan.ReadsL1) return default;
        if (IsChanged(fill, held)) return default;
        if (!_node.Trust.IsUsableAlone(held.Epoch, held.IsUnleased) || !LocalReader.TryRead<T>(held, _node.Values, out var value)) return default;
        return _installer.Lookup(held, value, CacheLayer.L1, isStale: false, isUnverified: true);
    }

    /// <summary>What may be given when the source does not deliver: not removed, not invalidated, not past its stale window.</summary>
    private LocalEntry? Stale<T>(Fill<T> fill)
    {
        if (fill.Held is not { } held || _node.Clock.Now >= held.StaleUntil || IsChanged(fill, held)) return null;
        return LocalReader.TryRead<T>(held, _node.Values, out _) ? held : null;
    }

    /// <summary>The key or a tag of what L1 held was changed since the fill began.</summary>
    private static bool IsChanged(Fill fill, LocalEntry held)
    {
        lock (fill.Activity.Lock)
        {
            if (fill.IsDetached || held.Version < fill.Activity.KnownVersion) return true;
        }

        return !Tags.TagStamp.AllCurrent(held.Tags);
    }

    private CacheLookup<T> ServeStale<T>(LocalEntry stale, string reason)
    {
        if (!LocalReader.TryRead<T>(stale, _node.Values, out var value)) return default; // Stale() has just read it
        // Its stay in L1 may be over while its own fresh life is not: then it is not stale, only unchecked.
        var isStale = stale.LifeEnd <= _node.Clock.Now;
        var lookup = _installer.Lookup(stale, value, CacheLayer.L1, isStale, isUnverified: !isStale);
        if (!isStale) return lookup;
        _node.Metrics.StaleServed(reason, -lookup.TimeLeft);
        return lookup;
    }

    /// <summary>A stale entry that came from L2 goes into L1, so that the next call need not ask for it.</summary>
    private void KeepStale(Fill fill, LocalEntry stale)
    {
        if (_node.Local.TryGet(fill.Key, out _)) return;
        var copy = stale.Confirmed(stale.Tags, stale.Epoch); // an entry that left L1 has given its bytes back
        copy.RetryAt = stale.RetryAt;
        _installer.Install(fill, copy);
    }

    private async Task FinishBehindAsync<T>(Fill<T> fill, Task<CacheLookup<T>> work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception failure) // nobody waits for it any more; the stale value was given
        {
            if (fill.Held is { } held) held.RetryAt = CacheClock.Add(_node.Clock.Now, _node.Options.StaleRetryInterval);
            Log.BackgroundFillFailed(_node.Logger, failure);
        }
        finally
        {
            Leave(fill);
        }
    }

    private static CacheLookup<T> Complete<T>(Fill<T> fill, CacheLookup<T> result, bool isDone = true)
    {
        lock (fill.Activity.Lock)
        {
            if (isDone) fill.Activity.Remove(fill);
            fill.Joined?.TrySetResult(result);
            fill.Result = result;
        }

        return result;
    }

    private void Fail<T>(Fill<T> fill, Exception failure)
    {
        if (fill.Plan.FailureExpiration > TimeSpan.Zero && !fill.IsRefresh) _installer.Install(fill, Remembered(fill, failure));
        lock (fill.Activity.Lock)
        {
            fill.Activity.Remove(fill);
            fill.Failure = failure;
            fill.Joined?.TrySetException(failure);
            _ = fill.Joined?.Task.Exception; // a joiner that left does not make it unobserved
        }
    }

    private LocalFailure Remembered(Fill fill, Exception failure)
    {
        var now = _node.Clock.Now;
        var until = CacheClock.Add(now, fill.Plan.FailureExpiration);
        return new LocalFailure
        {
            Failure = failure,
            MadeAt = now,
            RefreshFrom = until,
            FreshUntil = until,
            LifeEnd = until,
            StaleUntil = until,
            Version = 0,
            RefreshScale = 0,
            Tags = fill.Stamps,
            DataType = fill.Plan.DataType,
            Size = LocalCache.BookkeepingBytes + fill.Key.Length * sizeof(char),
            Epoch = _node.Trust.Epoch,
        };
    }

    private void Leave(Fill fill)
    {
        lock (fill.Activity.Lock) fill.Activity.Remove(fill);
        _node.Activities.Leave(fill.Key, fill.Activity);
    }
}
