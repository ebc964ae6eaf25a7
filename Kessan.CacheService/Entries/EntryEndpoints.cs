using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Kessan.CacheHost.Entries;

/// <summary>One entry by its key.</summary>
internal static class EntryEndpoints
{
    private const string Route = "/entries/{**key}";

    public static RouteGroupBuilder MapEntries(this RouteGroupBuilder api)
    {
        var entries = api.MapGroup("").WithTags("Entries").WithMetadata(LoadMark.Request);
        entries.MapMethods(Route, [HttpMethods.Get, HttpMethods.Head], GetAsync).Requires(AccessScope.Read);
        entries.MapPut(Route, PutAsync).Requires(AccessScope.Write);
        entries.MapPatch(Route, TouchAsync).Requires(AccessScope.Write);
        entries.MapDelete(Route, DeleteAsync).Requires(AccessScope.Write);
        return api;
    }

    private static async Task<Results<EntryResult, RequestProblem>> GetAsync(
        string key,
        [FromQuery] double? slide,
        [FromQuery(Name = "slide_limit")] double? slideLimit,
        CacheEntries entries,
        StoreCalls calls,
        EntryFactory factory,
        ApiClient client,
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (slide is { } extension)
        {
            if (!client.Has(AccessScope.Write)) throw new RequestProblem(ProblemKind.ScopeMissing, "A read that extends a life needs the scope write.").AsException();
            var options = new StoreReadOptions
            {
                NoCache = true,
                Slide = factory.ToExtension(extension),
                SlideLimit = slideLimit is { } limit ? factory.ToExtension(limit) : null,
            };
            var reading = await calls.AskAsync(StoreCalls.Short, (store, token) => store.GetAsync(key, options, token), cancellationToken);
            return reading.Entry is { } entry ? new EntryResult(EntryResult.ToLookup(entry), reading.TagsVerified) : RequestProblem.NotFound;
        }

        var lookup = await entries.GetAsync(key, IsPastL1(request), cancellationToken);
        return lookup.Found ? new EntryResult(lookup) : RequestProblem.NotFound;
    }

    private static async Task<WriteResult> PutAsync(
        string key,
        [FromQuery] double? ttl,
        [FromQuery] string? type,
        [FromQuery] string[]? tag,
        CacheEntries entries,
        EntryFactory factory,
        BodyReader body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var condition = WriteConditions.From(context.Request.Headers);
        var entry = IsEnvelope(context.Request)
            ? factory.Accept(await body.ReadEntryAsync(context))
            : factory.Create(key, await body.ReadValueAsync(context), context.Request.ContentType, ttl, type, tag ?? []);
        return new WriteResult(await entries.SetAsync(new StoreWrite(key, entry, condition), cancellationToken), condition);
    }

    private static async Task<Results<NoContent, RequestProblem>> TouchAsync(
        string key, [FromQuery] double ttl, StoreCalls calls, EntryFactory factory, CancellationToken cancellationToken)
    {
        var lifetime = factory.ToExtension(ttl);
        var touched = await calls.AskAsync(StoreCalls.Short, (store, token) => store.TouchAsync(key, lifetime, token), cancellationToken);
        return touched ? TypedResults.NoContent() : RequestProblem.NotFound;
    }

    private static async Task<Results<NoContent, StatusCodeHttpResult, RequestProblem>> DeleteAsync(
        string key, CacheEntries entries, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await entries.RemoveAsync(key, cancellationToken) is not { } removal) return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        if (!removal.Existed) return RequestProblem.NotFound with { Version = removal.Version };

        WriteResult.SetVersion(response.Headers, removal.Version);
        return TypedResults.NoContent();
    }

    /// <summary>Whether the client wants what the store has, whatever L1 has.</summary>
    public static bool IsPastL1(HttpRequest request)
    {
        var cacheControl = request.Headers.CacheControl;
        return cacheControl.Count != 0 && cacheControl.ToString().Contains("no-cache", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the body is one entry, or a batch of them, with envelopes.</summary>
    public static bool IsEnvelope(HttpRequest request)
        => MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(StoredEntryFormat.MediaType, StringComparison.OrdinalIgnoreCase);
}
