using Kessan.Caching.Storage;

namespace Kessan.Caching.Filling;

/// <summary>The step "lease": one node of the fleet asks the source, the others wait for what it publishes.</summary>
internal sealed class LeaseSteps(CacheNode node, StoreReader reader)
{
    /// <summary>
    /// Waits until this fill has the lease, or there is a value, or the store does not answer (<see cref="Fill.StoreAway"/>), or, for an
    /// early refresh, somebody else is at it.
    /// </summary>
    /// <exception cref="TimeoutException">Other nodes held the lease for the whole of the fill's deadline.</exception>
    public async ValueTask<CacheLookup<T>> AcquireAsync<T>(Fill<T> fill)
    {
        var started = node.Time.GetTimestamp();
        fill.Nonce = Guid.NewGuid().ToString("N");
        while (true)
        {
            var left = fill.Plan.FillDeadline - node.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) throw new TimeoutException("Other nodes have been filling this key for the whole of FillDeadline.");

            // Taken before the store is asked, so that a result published between the two is not missed.
            Task changed;
            lock (fill.Activity.Lock) changed = fill.Activity.NextChange();

            var epoch = node.Trust.Epoch;
            var request = new LeaseRequest(fill.Key, fill.Nonce, node.Options.LeaseDuration) { UnwantedVersion = fill.UnwantedVersion };
            var result = await node.Store!.AcquireLeaseAsync(request).ConfigureAwait(false);
            if (result is not { } lease)
            {
                fill.StoreAway = true;
                return default;
            }

            switch (lease.Outcome)
            {
                case LeaseOutcome.Granted:
                    lock (fill.Activity.Lock) fill.IsLeasedLate = fill.IsDetached;
                    fill.HasLease = true;
                    fill.LeaseVersion = lease.Version;
                    return default;
                case LeaseOutcome.Value when lease.Reading.Entry is { } entry:
                    var (taken, lookup) = await reader.TakeAsync(fill, lease.Reading, epoch).ConfigureAwait(false);
                    if (taken && lookup.Found) return lookup;
                    if (fill.StoreAway) return default;
                    fill.Unwant(entry);
                    break;
                case LeaseOutcome.Value:
                    break; // it went away between the store's two looks

                default:
                    if (fill.IsRefresh) return default;
                    var wait = lease.Remaining < left ? lease.Remaining : left;
                    await WaitAsync(changed, wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Renews the lease at intervals until disposed.</summary>
    public IAsyncDisposable KeepRenewing(Fill fill)
    {
        var interval = node.Options.LeaseDuration / 3;
        return node.Time.CreateTimer(
            static state =>
            {
                var (node, fill) = ((CacheNode, Fill))state!;
                if (fill.MayPublish) _ = node.Store!.RenewLeaseAsync(fill.Key, fill.Nonce!, node.Options.LeaseDuration).AsTask();
            },
            (node, fill),
            interval,
            interval);
    }

    public ValueTask ReleaseAsync(Fill fill)
    {
        if (!fill.HasLease) return default;
        fill.HasLease = false;
        return node.Store!.ReleaseLeaseAsync(fill.Key, fill.Nonce!);
    }

    private async ValueTask WaitAsync(Task changed, TimeSpan atMost)
    {
        using var enough = new CancellationTokenSource();
        var timer = Task.Delay(atMost, node.Time, enough.Token);
        await Task.WhenAny(changed, timer).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
    }
}
