using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Leases;

/// <summary>Asks for leases on behalf of clients that are no caches themselves: the value they are given is valid by its tags too.</summary>
internal sealed class LeaseDesk(CacheEntries entries, IHostApplicationLifetime lifetime)
{
    /// <summary>Asks, and waits as long as the service runs; when it stops, the lease is held by another and the caller asks elsewhere.</summary>
    /// <returns><see langword="null"/>: the store is away.</returns>
    public async Task<LeaseResult?> AcquireAsync(LeaseRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero) return await entries.AcquireLeaseAsync(request, wait, cancellationToken);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            return await entries.AcquireLeaseAsync(request, wait, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new LeaseResult(LeaseOutcome.Held, TimeSpan.Zero, 0, default);
        }
    }

    /// <summary>The same; a value whose tags were invalidated is none, and the caller may fill the key anew.</summary>
    public async Task<LeaseResult?> AcquireValidAsync(LeaseRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await AcquireAsync(request, wait, cancellationToken);
            if (result is not { Outcome: LeaseOutcome.Value, Reading: { TagsVerified: false, Entry: { Tags.Count: > 0 } entry } }) return result;

            // The cache reads it as any reader would: past L1, tags compared.
            var lookup = await entries.GetAsync(request.Key, pastL1: true, cancellationToken);
            if (lookup is { Found: true, Value: { } valid })
            {
                return result.Value with { Reading = new StoreReading(valid with { Age = lookup.Age }, TagsVerified: true) };
            }

            if (!entries.StoreIsAvailable) return null;
            request = request with { UnwantedVersion = Math.Max(request.UnwantedVersion, entry.Version) };
        }
    }
}
