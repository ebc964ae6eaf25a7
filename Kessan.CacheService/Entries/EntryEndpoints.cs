using System.ComponentModel;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.CacheHost.Entries;

/// <summary>One entry by its key.</summary>
internal static class EntryEndpoints
{
    private const string Route = "/entries/{**key}";

    public static RouteGroupBuilder MapEntries(this RouteGroupBuilder api)
    {
        var entries = api.MapGroup("").WithTags("Entries").WithMetadata(LoadMark.Request);
        entries.MapGet(Route, GetAsync).WithMetadata(EntryRead.Row).Requires(AccessScope.Read).GivesEntry()
            .WithSummary("Reads an entry").WithDescription("From L1, else from Redis. With Cache-Control: no-cache past L1.").Fails(ProblemKind.StoreAway);
        entries.MapMethods(Route, [HttpMethods.Head], HeadAsync).Requires(AccessScope.Read).GivesEntry()
            .WithSummary("Reads an entry's header fields");
        entries.MapPut(Route, PutAsync).Requires(AccessScope.Write).TakesEntry()
            .WithSummary("Writes an entry").WithDescription("In both layers, for all nodes. Conditions are decided in Redis.");
        entries.MapPatch(Route, TouchAsync).Requires(AccessScope.Write)
            .WithSummary("Gives an entry a new lifetime, from now on").WithDescription("On all nodes. The entry gets a new version.")
            .Answers(StatusCodes.Status204NoContent, "Done.", KessanHeaders.Version).Fails(ProblemKind.NotFound, ProblemKind.StoreAway);
        entries.MapDelete(Route, DeleteAsync).Requires(AccessScope.Write)
            .WithSummary("Removes an entry, on all nodes")
            .Answers(StatusCodes.Status204NoContent, "Removed.", KessanHeaders.Version)
            .Answers(StatusCodes.Status202Accepted, "Redis is away: removed here, and there when it is back.")
            .Fails(ProblemKind.NotFound);
        return api;
    }

    private static async Task<Results<EntryResult, RequestProblem>> GetAsync(
        string key,
        [FromQuery, Description("Another cache reads a sliding entry: gives it this lifetime in seconds. Needs the scope write too.")] double? slide,
        [FromQuery(Name = "slide_limit"), Description("The longest life in seconds, from the making of the value, that sliding may give.")] double? slideLimit,
        EntryDesk desk,
        CacheEntries entries,
        StoreCalls calls,
        EntryFactory factory,
        ApiClient client,
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (slide is not { } extension) return await desk.ReadAsync(key, request, cancellationToken);
        if (!client.Has(AccessScope.Write))
        {
            return new RequestProblem(ProblemKind.ScopeMissing, "A read that extends a life needs the scope write too.");
        }

        if (entries.IsPending(key)) return RequestProblem.StoreAway; // what stands there was replaced or removed, without the store's knowing yet
        var options = new StoreReadOptions
        {
            NoCache = true,
            Slide = factory.ToExtension(extension),
            SlideLimit = slideLimit is { } limit ? factory.ToExtension(limit) : null,
        };
        var reading = await calls.AskAsync(StoreCalls.Short, (store, token) => store.GetAsync(key, options, token), cancellationToken);
        if (reading is { Entry: not null, TagsVerified: false } && !EntryResult.IsEnvelopeAccepted(request))
        {
            // Whoever is no cache cannot compare the tags: the cache does it.
            var lookup = await entries.GetAsync(key, pastL1: true, cancellationToken);
            return lookup.Found ? new EntryResult(lookup) : RequestProblem.NotFound;
        }

        return reading.Entry is { } entry ? new EntryResult(EntryResult.ToLookup(entry), reading.TagsVerified) : RequestProblem.NotFound;
    }

    private static Task<Results<EntryResult, RequestProblem>> HeadAsync(
        string key, EntryDesk desk, HttpRequest request, CancellationToken cancellationToken)
        => desk.ReadAsync(key, request, cancellationToken);

    private static Task<WriteResult> PutAsync(
        string key, [AsParameters] EntryParameters parameters, EntryDesk desk, HttpContext context, CancellationToken cancellationToken)
        => desk.WriteAsync(key, parameters, context, cancellationToken);

    private static async Task<Results<NoContent, RequestProblem>> TouchAsync(
        string key,
        [FromQuery, Description("The new fresh lifetime in seconds, from now on.")] double ttl,
        StoreCalls calls,
        CacheEntries entries,
        EntryFactory factory,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var lifetime = factory.ToExtension(ttl);
        if (entries.IsPending(key)) return RequestProblem.StoreAway;
        var touched = await calls.AskAsync(StoreCalls.Short, (store, token) => store.TouchAsync(key, lifetime, token), cancellationToken);
        if (!touched) return RequestProblem.NotFound;

        // The other nodes hear of the new version; this one takes it in before it answers, so that its L1 knows the new life at once.
        var lookup = await entries.GetAsync(key, pastL1: true, cancellationToken);
        WriteResult.SetVersion(response.Headers, lookup.Version);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, StatusCodeHttpResult, RequestProblem>> DeleteAsync(
        string key, CacheEntries entries, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await entries.RemoveAsync(key, cancellationToken) is not { } removal) return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        if (!removal.Existed) return RequestProblem.NotFound with { Version = removal.Version };

        WriteResult.SetVersion(response.Headers, removal.Version);
        return TypedResults.NoContent();
    }
}
