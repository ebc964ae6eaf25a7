using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
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
        var page = await calls.AskAsync(
            StoreCalls.Long, (store, token) => store.ScanAsync(pattern, cursor, limit ?? 100, token), cancellationToken);
        return TypedResults.Json(new KeyPageAnswer(page.Keys, page.Cursor), ServiceJson.Default.KeyPageAnswer);
    }

    private static async Task<JsonHttpResult<DeletedAnswer>> DeleteAsync(
        [FromQuery] string pattern, StoreCalls calls, RequestRules rules, ApiClient client, CancellationToken cancellationToken)
    {
        if (rules.CheckPattern(client, pattern) is { } problem) throw problem.AsException();
        var deleted = await calls.AskAsync(StoreCalls.Long, (store, token) => store.RemoveByPatternAsync(pattern, token), cancellationToken);
        return TypedResults.Json(new DeletedAnswer(deleted), ServiceJson.Default.DeletedAnswer);
    }
}
