using System.Net;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client;

public sealed partial class CacheServiceStore
{
    // POST /v1/leases/batch is another row; a lease of a key with that name goes there, as a batch of one.
    private const string BatchRow = "batch";

    /// <inheritdoc/>
    public async ValueTask<LeaseResult> AcquireLeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        CheckKey(request.Key);
        if (request.Key == BatchRow) return (await AcquireLeasesAsync([request], cancellationToken).ConfigureAwait(false))[0];

        var query = $"?duration={ServiceRequests.Milliseconds(request.Duration)}";
        if (request.UnwantedVersion != 0) query += FormattableString.Invariant($"&unwanted={request.UnwantedVersion}");
        var answer = await _channel.SendAsync(
            ServiceRequests.Lease(HttpMethod.Post, request.Key, request.Nonce, query).AcceptingEntries(),
            ServiceOperation.Lease,
            _channel.Timeout,
            static status => status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted,
            cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.OK)
        {
            return StoredEntryFormat.TryDecode(answer.Body, answer.Elapsed, out var entry)
                ? new LeaseResult(LeaseOutcome.Value, TimeSpan.Zero, 0, new StoreReading(entry, answer.TagsVerified))
                : throw Unreadable(ServiceOperation.Lease);
        }

        var lease = Read(answer, ServiceJson.Default.LeaseBody, ServiceOperation.Lease);
        var outcome = answer.Status == HttpStatusCode.Created ? LeaseOutcome.Granted : LeaseOutcome.Held;
        return new LeaseResult(outcome, TimeSpan.FromSeconds(lease.ExpiresIn), lease.Version, default);
    }

    /// <inheritdoc/>
    public async ValueTask<LeaseResult[]> AcquireLeasesAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        foreach (var request in requests) CheckKey(request.Key);
        var results = new LeaseResult[requests.Count];
        await InPartsAsync(requests.Count, async (start, count) =>
        {
            var body = new LeasesBody(requests.Skip(start).Take(count).Select(
                static request => new LeaseItemBody(request.Key, request.Nonce, request.Duration.TotalMilliseconds, request.UnwantedVersion)));
            var answer = await _channel.SendAsync(
                ServiceRequests.Post("v1/leases/batch", body, ServiceJson.Default.LeasesBody).AcceptingEntries(),
                ServiceOperation.Lease,
                _channel.Timeout,
                IsOkOrTooLarge,
                cancellationToken).ConfigureAwait(false);
            if (answer.Status != HttpStatusCode.OK) return false; // leases that it granted are granted to the same nonces again
            var frames = ReadFrames(answer, count, ServiceOperation.Lease);
            for (var i = 0; i < count; i++)
            {
                var (outcome, entry) = ((LeaseOutcome)frames[i].Code, frames[i].Entry);
                var reading = entry is null
                    ? default
                    : new StoreReading(entry with { Payload = entry.Payload.ToArray(), Age = entry.Age + answer.Elapsed }, frames[i].TagsVerified);
                results[start + i] = new LeaseResult(outcome, frames[i].Duration, frames[i].Version, reading);
            }

            return true;
        }).ConfigureAwait(false);
        return results;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewLeaseAsync(string key, string nonce, TimeSpan duration, CancellationToken cancellationToken)
    {
        CheckKey(key);
        var answer = await _channel.SendAsync(
            ServiceRequests.Lease(HttpMethod.Put, key, nonce, $"?duration={ServiceRequests.Milliseconds(duration)}"),
            ServiceOperation.Lease,
            _channel.Timeout,
            static status => status is HttpStatusCode.NoContent or HttpStatusCode.Conflict,
            cancellationToken).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.NoContent;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseLeaseAsync(string key, string nonce, CancellationToken cancellationToken)
    {
        CheckKey(key);
        await _channel.SendAsync(
            ServiceRequests.Lease(HttpMethod.Delete, key, nonce),
            ServiceOperation.Lease,
            _channel.Timeout,
            static status => status == HttpStatusCode.NoContent,
            cancellationToken).ConfigureAwait(false);
    }
}
