using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>
/// Reads many entries for one answer, some at a time: whoever asks for more than an answer may have is told so before all of it is in memory.
/// </summary>
internal sealed class BatchReader(CacheEntries entries, RequestRules rules, BodyBudget budget)
{
    /// <summary>How many keys are read before their sizes are looked at.</summary>
    public const int Step = 128;

    /// <summary>Reads the entries of <paramref name="keys"/>, in their order.</summary>
    /// <param name="context">The request.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="asStored">The answer has the payloads as they are; else as they are when decompressed, and that counts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestProblemException">The answer would be too large, or all requests together hold too much.</exception>
    public async Task<CacheLookup<StoredEntry>[]> ReadAsync(
        HttpContext context, IReadOnlyList<string> keys, bool asStored, CancellationToken cancellationToken)
    {
        var pastL1 = EntryDesk.IsPastL1(context.Request);
        long answered = 0;
        if (keys.Count <= Step) return await ReadStepAsync(keys);

        var all = new List<CacheLookup<StoredEntry>>(keys.Count);
        for (var from = 0; from < keys.Count; from += Step)
        {
            all.AddRange(await ReadStepAsync([.. keys.Skip(from).Take(Step)]));
        }

        return [.. all];

        async Task<CacheLookup<StoredEntry>[]> ReadStepAsync(IReadOnlyList<string> step)
        {
            var lookups = await entries.GetManyAsync(step, pastL1, cancellationToken);
            long held = 0;
            foreach (var lookup in lookups)
            {
                if (lookup.Value is not { } entry) continue;
                held += entry.Payload.Length;
                answered += asStored ? entry.Payload.Length : EntryPayloads.LengthOf(entry);
            }

            if (answered > rules.Limits.BatchBytes)
            {
                throw RequestProblem.TooLarge(nameof(rules.Limits.BatchBytes), rules.Limits.BatchBytes).AsException();
            }

            if (held > 0) budget.Hold(context, asStored ? FramesResult.Copies * held : held);
            return lookups;
        }
    }
}
