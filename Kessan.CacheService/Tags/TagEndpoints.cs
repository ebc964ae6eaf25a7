using Kessan.CacheHost.Entries;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.CacheHost.Tags;

/// <summary>Tags: everything that carries one is invalidated at once.</summary>
internal static class TagEndpoints
{
    /// <summary>The tag that every entry carries.</summary>
    private const string Star = "*";

    public static RouteGroupBuilder MapTags(this RouteGroupBuilder api)
    {
        var tags = api.MapGroup("/tags").WithTags("Tags").WithMetadata(LoadMark.Request);
        tags.MapDelete("/{**tag}", DeleteAsync).Requires(AccessScope.Write | AccessScope.Admin)
            .WithSummary("Invalidates a tag: all entries that carry it, on all nodes").WithDescription("The tag * stands for all entries; it needs the scope admin, and all others the scope write.")
            .Answers(StatusCodes.Status204NoContent, "Invalidated.", "Cache-Group-Invalidation")
            .Answers(StatusCodes.Status202Accepted, "Redis is away: invalidated here, and there when it is back.", "Cache-Group-Invalidation");
        tags.MapPost("/batch-delete", DeleteManyAsync).Requires(AccessScope.Write | AccessScope.Admin)
            .WithSummary("Invalidates many tags")
            .TakesJson(typeof(TagsRequest), "The tags.", """{"tags":["stock:7203"]}""")
            .AnswersJson(StatusCodes.Status200OK, "How many entries of countable tags left Redis at once.", typeof(DeletedAnswer), """{"deleted":3}""")
            .AnswersJson(StatusCodes.Status202Accepted, "Redis is away: invalidated here, and there when it is back.", typeof(DeletedAnswer), """{"deleted":0}""");
        tags.MapPost("/generations", GetGenerationsAsync).Requires(AccessScope.Write)
            .WithSummary("Reads the generations of tags, for another cache")
            .WithDescription("A tag that nobody has used gets one. Needs the scope read too.")
            .TakesJson(typeof(TagsRequest), "The tags.", """{"tags":["stock:7203"]}""")
            .AnswersJson(StatusCodes.Status200OK, "The generations, in order.", typeof(GenerationsAnswer), """{"generations":["-6148914691236517205"]}""")
            .Fails(ProblemKind.StoreAway);
        return api;
    }

    private static async Task<Results<NoContent, StatusCodeHttpResult>> DeleteAsync(
        string tag, CacheEntries entries, ApiClient client, AuditLog audit, HttpContext context, CancellationToken cancellationToken)
    {
        Demand(client, tag, audit, context);
        var removed = await entries.RemoveTagsAsync([tag], cancellationToken);
        if (EntryHeaders.FormatGroups([tag]) is { Length: > 0 } group) context.Response.Headers["Cache-Group-Invalidation"] = group;
        return removed is null ? TypedResults.StatusCode(StatusCodes.Status202Accepted) : TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<DeletedAnswer>> DeleteManyAsync(
        CacheEntries entries,
        BodyReader body,
        RequestRules rules,
        ApiClient client,
        AuditLog audit,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var request = await ReadAsync(body, rules, context);
        foreach (var tag in request.Tags) Demand(client, tag, audit, context);
        var removed = await entries.RemoveTagsAsync(request.Tags, cancellationToken);
        return TypedResults.Json(
            new DeletedAnswer(removed ?? 0),
            ServiceJson.Default.DeletedAnswer,
            statusCode: removed is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static async Task<JsonHttpResult<GenerationsAnswer>> GetGenerationsAsync(
        StoreCalls calls, BodyReader body, RequestRules rules, ApiClient client, HttpContext context, CancellationToken cancellationToken)
    {
        if (!client.Has(AccessScope.Read | AccessScope.Write))
        {
            throw new RequestProblem(ProblemKind.ScopeMissing, "Generations are made when they are first read: that needs the scopes read and write.").AsException();
        }

        var request = await ReadAsync(body, rules, context);
        return TypedResults.Json(new GenerationsAnswer(await calls.GetGenerationsAsync(request.Tags, cancellationToken)), ServiceJson.Default.GenerationsAnswer);
    }

    private static async Task<TagsRequest> ReadAsync(BodyReader body, RequestRules rules, HttpContext context)
    {
        var request = await body.ReadJsonAsync(context, ServiceJson.Default.TagsRequest);
        var problem = rules.CheckBatch(request.Tags.Count);
        foreach (var tag in request.Tags) problem ??= tag is null ? RequestProblem.Invalid("A tag is null.") : rules.CheckTag(tag);
        return problem is null ? request : throw problem.AsException();
    }

    // A tag reaches entries of any key: a client that is kept to some prefixes may only use tags that begin so too.
    private static void Demand(ApiClient client, string tag, AuditLog audit, HttpContext context)
    {
        if (RequestRules.CheckReach(client, tag) is { } problem) throw problem.AsException();
        var needed = tag == Star ? AccessScope.Admin : AccessScope.Write;
        if (!client.Has(needed))
        {
            throw new RequestProblem(ProblemKind.ScopeMissing, "The tag '*' needs the scope admin, and all others need write.").AsException();
        }

        if (tag == Star) audit.Write(client, context);
    }
}
