using System.ComponentModel;
using Kessan.CacheHost.OpenApi;
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
    private const int MaximumCursorLength = 4096;
    private const string PatternHelp = "A pattern such as stock_price:*";

    public static RouteGroupBuilder MapEntryScans(this RouteGroupBuilder api)
    {
        var scans = api.MapGroup("/entries").WithTags("Entries").WithMetadata(LoadMark.Request);
        scans.MapGet("", ListAsync).Requires(AccessScope.Admin)
            .WithSummary("Lists keys that match a pattern")
            .WithDescription("A pattern of * and ? begins with at least one other character and has at most 4 stars. A key may come twice.")
            .AnswersJson(StatusCodes.Status200OK, "Some keys; without a cursor it was the last page.", typeof(KeyPageAnswer), """{"keys":["stock_price:7203:latest"],"cursor":"MTI3"}""")
            .Fails(ProblemKind.InvalidKey, ProblemKind.LimitExceeded, ProblemKind.PrefixRefused, ProblemKind.StoreAway);
        scans.MapDelete("", DeleteAsync).Requires(AccessScope.Admin)
            .WithSummary("Removes all entries whose keys match a pattern, on all nodes")
            .WithDescription("Bounded in time (PatternTime, 10 s): what is not through then, or fails half-way, says how many it removed and with which cursor to go on.")
            .AnswersJson(StatusCodes.Status200OK, "How many there were; with a cursor there may be more.", typeof(PatternDeletedAnswer), """{"deleted":12}""")
            .Fails(ProblemKind.InvalidKey, ProblemKind.LimitExceeded, ProblemKind.PrefixRefused, ProblemKind.StoreAway);
        return api;
    }

    private static async Task<JsonHttpResult<KeyPageAnswer>> ListAsync(
        [FromQuery, Description(PatternHelp)] string pattern,
        [FromQuery, Description("What the page before said.")] string? cursor,
        [FromQuery, Description("How many keys, about; 1 to 1,000, else 100.")] int? limit,
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

        if (cursor?.Length is 0 or > MaximumCursorLength) throw NoCursor();
        try
        {
            var page = await calls.AskAsync(
                rules.Limits.PatternTime, (store, token) => store.ScanAsync(pattern, cursor, limit ?? 100, token), cancellationToken);
            return TypedResults.Json(new KeyPageAnswer(page.Keys, page.Cursor), ServiceJson.Default.KeyPageAnswer);
        }
        catch (Exception failure) when (cursor is not null && failure is ArgumentException)
        {
            throw NoCursor();
        }
    }

    private static async Task<JsonHttpResult<PatternDeletedAnswer>> DeleteAsync(
        [FromQuery, Description(PatternHelp)] string pattern,
        [FromQuery, Description("What the answer before said.")] string? cursor,
        PatternRemover remover,
        RequestRules rules,
        ApiClient client,
        CancellationToken cancellationToken)
    {
        if (rules.CheckPattern(client, pattern) is { } problem) throw problem.AsException();
        if (cursor?.Length is 0 or > MaximumCursorLength) throw NoCursor();
        try
        {
            return TypedResults.Json(await remover.RemoveAsync(pattern, cursor, cancellationToken), ServiceJson.Default.PatternDeletedAnswer);
        }
        catch (Exception failure) when (cursor is not null && failure is ArgumentException)
        {
            throw NoCursor();
        }
    }

    private static RequestProblemException NoCursor() => RequestProblem.Invalid("The cursor is none of ours.").AsException();
}
