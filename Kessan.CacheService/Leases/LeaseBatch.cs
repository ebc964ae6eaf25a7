using Kessan.CacheHost.Entries;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Leases;

/// <summary>
/// Asks for many leases for one answer, some at a time, as <see cref="BatchReader"/> reads: what stands there is loaded with them. Leases that
/// were granted before a batch is given up run out by themselves, or are granted again to the same nonce.
/// </summary>
internal sealed class LeaseBatch(CacheEntries entries, StoreCalls calls, LeaseDesk desk, RequestRules rules, BodyBudget budget)
{
    /// <summary>For another cache, which gets the entries and compares their tags itself.</summary>
    /// <exception cref="RequestProblemException">The answer would be too large, or all requests together hold too much.</exception>
    public async Task<LeaseResult[]> AcquireAsync(HttpContext context, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        List<LeaseResult> all = new(requests.Count);
        long answered = 0;
        foreach (var step in requests.Chunk(BatchReader.Step))
        {
            var results = await AskAsync(step, cancellationToken);
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i].Reading.Entry is { } entry && entry.Tags.Any(tag => entries.IsTagPending(tag.Tag)))
                    results[i] = await desk.AcquireAsync(step[i], TimeSpan.Zero, cancellationToken) ?? throw RequestProblem.StoreAway.AsException();
            }

            var loaded = BytesOf(results);
            answered += loaded;
            if (answered > rules.Limits.BatchBytes) throw RequestProblem.TooLarge(nameof(rules.Limits.BatchBytes), rules.Limits.BatchBytes).AsException();
            if (loaded > 0) budget.Hold(context, FramesResult.Copies * loaded);
            all.AddRange(results);
        }

        return [.. all];
    }

    /// <summary>The outcomes alone: "there is a value" must be true when it is read, and one whose tags were invalidated is none.</summary>
    /// <exception cref="RequestProblemException">The store is away, or all requests together hold too much.</exception>
    public async Task<LeaseBatchOutcome[]> AcquireValidAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        List<LeaseBatchOutcome> all = new(requests.Count);
        foreach (var step in requests.Chunk(BatchReader.Step))
        {
            var results = await AskAsync(step, cancellationToken);
            var loaded = Math.Min(BytesOf(results), rules.Limits.BatchBytes);
            budget.Take(loaded); // until the step is through: the answer has none of it
            try
            {
                all.AddRange(await Task.WhenAll(results.Select((result, i) => VerifyAsync(step[i], result, cancellationToken))));
            }
            finally
            {
                budget.Return(loaded);
            }
        }

        return [.. all];
    }

    private Task<LeaseResult[]> AskAsync(LeaseRequest[] step, CancellationToken cancellationToken)
    {
        LeaseRequest[] wanted = [.. step.Select(request => entries.IsPending(request.Key) ? request with { UnwantedVersion = long.MaxValue } : request)];
        return calls.AskAsync(StoreCalls.Short, (store, token) => store.AcquireLeasesAsync(wanted, token), cancellationToken);
    }

    private async Task<LeaseBatchOutcome> VerifyAsync(LeaseRequest request, LeaseResult result, CancellationToken cancellationToken)
    {
        if (result is { Outcome: LeaseOutcome.Value, Reading.TagsVerified: false })
        {
            result = await desk.AcquireValidAsync(request, TimeSpan.Zero, cancellationToken) ?? throw RequestProblem.StoreAway.AsException();
        }

        return result.Outcome switch
        {
            LeaseOutcome.Granted => new(request.Key, "granted", result.Remaining.TotalSeconds, result.Version),
            LeaseOutcome.Held => new(request.Key, "held", result.Remaining.TotalSeconds),
            _ => new(request.Key, "value"),
        };
    }

    private static long BytesOf(LeaseResult[] results) => results.Sum(static result => (long)(result.Reading.Entry?.Payload.Length ?? 0));
}
