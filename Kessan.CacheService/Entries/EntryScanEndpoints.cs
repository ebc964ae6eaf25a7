using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.CacheHost.Entries;

/// <summary>Keys by pattern: listed and removed, by administrators.</summary>
internal static class EntryScanEndpoints
{
    private const int MaximumCursorLength = 1024;

    public static RouteGroupBuilder MapEntryScans(this RouteGroupBuilder api)
    {
        var scans = api.MapGroup("/entries").WithTags("Entries").WithMetadata(LoadMark.Request);
        scans.MapGet("", ListAsync).Requires(AccessScope.Admin);
        scans.MapDelete("", DeleteAsync).Requires(AccessScope.Admin);
        return api;
    }

    private static async Task<JsonHttpResult<KeyPageAnswer>> ListAsync(
        [FromQuery] string pattern,
        [FromQuery] string? cursor,
        [FromQuery] int? limit,
        StoreCalls calls,
        RequestRules rules,
        ApiClient client,
        CancellationToken cancellationToken)
    {
        if (rules.CheckPattern(client, pattern) is { } problem) throw problem.AsException();
        if (limit is < 1 || limit > rules.Limits.ScanPage)
        {
            throw RequestProblem.PastLimit(nameof(rules.Limits.ScanPage), rules.Limits.ScanPage, "A page has 1 key at least.").AsException();
        }

        if (cursor?.Length is 0 or > MaximumCursorLength) throw RequestProblem.Invalid("The cursor is none of ours.").AsException();
        try
        {
            var page = await calls.AskAsync(
                StoreCalls.Long, (store, token) => store.ScanAsync(pattern, cursor, limit ?? 100, token), cancellationToken);
            return TypedResults.Json(new KeyPageAnswer(page.Keys, page.Cursor), ServiceJson.Default.KeyPageAnswer);
        }
        catch (Exception failure) when (cursor is not null && failure is ArgumentException or FormatException)
        {
            throw RequestProblem.Invalid("The cursor is none of ours.").AsException();
        }
    }

    private static async Task<JsonHttpResult<DeletedAnswer>> DeleteAsync(
        [FromQuery] string pattern, CacheEntries entries, StoreCalls calls, RequestRules rules, ApiClient client, CancellationToken cancellationToken)
    {
        if (rules.CheckPattern(client, pattern) is { } problem) throw problem.AsException();

        // Through the cache, not by the store's own removal: this replica's L1 must not answer with what it has just deleted.
        var deleted = 0;
        string? cursor = null;
        do
        {
            var from = cursor;
            var page = await calls.AskAsync(
                StoreCalls.Long, (store, token) => store.ScanAsync(pattern, from, rules.Limits.ScanPage, token), cancellationToken);
            var removals = await Task.WhenAll(page.Keys.Select(key => entries.RemoveAsync(key, cancellationToken).AsTask()));
            if (removals.Any(static removal => removal is null)) throw RequestProblem.StoreAway.AsException();
            deleted += removals.Count(static removal => removal is { Existed: true });
            cursor = page.Cursor;
        }
        while (cursor is not null);

        return TypedResults.Json(new DeletedAnswer(deleted), ServiceJson.Default.DeletedAnswer);
    }
}
