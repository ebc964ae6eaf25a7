using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>
/// Removes entries by pattern, page after page, for a bounded time: a request neither hangs on a keyspace without end, nor forgets what it
/// has done when Redis leaves in the middle.
/// </summary>
/// <remarks>Through the cache, not by the store's own removal: this replica's L1 must not answer with what it has just deleted.</remarks>
internal sealed class PatternRemover(CacheEntries entries, StoreCalls calls, RequestRules rules, TimeProvider time)
{
    /// <summary>Removes from the cursor on.</summary>
    /// <exception cref="RequestProblemException">The store is away, and not one page was done.</exception>
    public async Task<PatternDeletedAnswer> RemoveAsync(string pattern, string? cursor, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var deleted = 0;
        var from = cursor;
        do
        {
            var left = rules.Limits.PatternTime - time.GetElapsedTime(started);
            if (from == cursor) left = rules.Limits.PatternTime; // one page at least: an answer without a cursor says that nothing is left
            if (left <= TimeSpan.Zero) break;
            try
            {
                var page = await RemovePageAsync(pattern, from, left, cancellationToken);
                deleted += page.Deleted;
                from = page.Next;
            }
            catch (Exception failure) when (from != cursor && failure is RequestProblemException or CacheStoreException or TimeoutException)
            {
                break; // the next request hears of it if it lasts
            }
        }
        while (from is not null);

        return new PatternDeletedAnswer(deleted, from);
    }

    private async Task<(int Deleted, string? Next)> RemovePageAsync(string pattern, string? from, TimeSpan patience, CancellationToken cancellationToken)
    {
        var page = await calls.AskAsync(
            patience, (store, token) => store.ScanAsync(pattern, from, rules.Limits.ScanPage, token), cancellationToken);
        var removals = await Task.WhenAll(page.Keys.Select(key => entries.RemoveAsync(key, cancellationToken).AsTask()));
        if (removals.Any(static removal => removal is null)) throw RequestProblem.StoreAway.AsException();
        return (removals.Count(static removal => removal is { Existed: true }), page.Cursor);
    }
}
