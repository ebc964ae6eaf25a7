using System.ComponentModel;
using Kessan.CacheHost.Entities;
using Kessan.CacheHost.Entries;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Sessions;
using Kessan.Caching.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.CacheHost.Sessions;

/// <summary>Sessions of users: in Redis only, renewed by reading, ended at the latest 12 hours after they began.</summary>
internal static class SessionEndpoints
{
    private const string Route = "/sessions/{user}";

    public static RouteGroupBuilder MapSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("").WithTags("Sessions").WithMetadata(LoadMark.Request);
        sessions.MapGet(Route, GetAsync).Requires(AccessScope.Read).GivesEntry()
            .WithSummary("Reads a session, and renews it").Fails(ProblemKind.StoreAway);
        sessions.MapPut(Route, PutAsync).Requires(AccessScope.Write).TakesSession()
            .WithSummary("Writes a session; one that exists keeps its beginning");
        sessions.MapDelete(Route, DeleteAsync).Requires(AccessScope.Write)
            .WithSummary("Ends a session")
            .Answers(StatusCodes.Status204NoContent, "Ended.", KessanHeaders.Version)
            .Answers(StatusCodes.Status202Accepted, "Redis is away: ended here at once, and there when it is back.")
            .Fails(ProblemKind.NotFound, ProblemKind.StoreAway);
        return api;
    }

    private static async Task<Results<EntryResult, RequestProblem>> GetAsync(
        string user,
        [FromQuery, Description("false leaves the session's life alone, for another cache that only compares versions.")] bool? renew,
        CacheService cache,
        CacheEntries entries,
        EntityKeys keys,
        StoreCalls calls,
        ApiClient client,
        HttpRequest request,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var key = keys.Build(client, builder => builder.UserSession(user));
        response.Headers.CacheControl = "no-store";
        if (renew == false)
        {
            if (entries.IsPending(key)) return RequestProblem.StoreAway;
            var reading = await calls.AskAsync(
                StoreCalls.Short, (store, token) => store.GetAsync(key, StoreReadOptions.PastNearCache, token), cancellationToken);
            if (reading.Entry is not { } raw) return RequestProblem.NotFound;
            if (EntryResult.IsEnvelopeAccepted(request)) return Answer(raw, reading.TagsVerified);
            return raw.FreshLeft > TimeSpan.Zero && await calls.HasCurrentTagsAsync(reading, cancellationToken)
                ? Answer(raw, tagsVerified: true)
                : RequestProblem.NotFound;
        }

        var session = await cache.GetSessionAsync<StoredEntry>(user, cancellationToken);
        return session switch
        {
            { Status: SessionStatus.Found, Value: { } entry } => Answer(entry, tagsVerified: true),
            { Status: SessionStatus.Unavailable } => RequestProblem.StoreAway,
            _ => RequestProblem.NotFound,
        };
    }

    private static async Task<IResult> PutAsync(
        string user,
        CacheService cache,
        CacheEntries entries,
        EntityKeys keys,
        EntryFactory factory,
        BodyReader body,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var key = keys.Build(client, builder => builder.UserSession(user));
        var condition = WriteConditions.From(context.Request.Headers);
        if (EntryDesk.IsEnvelope(context.Request))
        {
            // Another cache has read the session and says under which condition it may be replaced: without one the write would be
            // repeated after an outage, and nothing says that it is still wanted then.
            if (condition.Kind is not (WriteConditionKind.IfAbsent or WriteConditionKind.IfVersion))
            {
                throw RequestProblem.Invalid("A session with its envelope needs If-Match, or If-None-Match: *.").AsException();
            }

            var write = new StoreWrite(key, factory.AcceptSession(key, await body.ReadEntryAsync(context)), condition);
            var outcome = await entries.SetAsync(write, cancellationToken);
            return outcome.Status == EntryWriteStatus.LocalOnly ? RequestProblem.StoreAway : new WriteResult(outcome, condition);
        }

        long? version = condition.Kind switch
        {
            WriteConditionKind.Always => null,
            WriteConditionKind.IfAbsent => 0,
            WriteConditionKind.IfVersion => condition.Version,
            _ => throw RequestProblem.Invalid("A session has no leases.").AsException(),
        };
        var entry = factory.Create(key, await body.ReadValueAsync(context), context.Request.ContentType, ttl: null, type: null, tags: []);
        var written = await cache.SetSessionAsync(user, entry, version, cancellationToken);
        return written.Status switch
        {
            SessionWriteStatus.Stored => new WriteResult(new EntryWriteOutcome(EntryWriteStatus.Stored, written.Version), condition),
            SessionWriteStatus.Refused => new WriteResult(new EntryWriteOutcome(EntryWriteStatus.Refused, written.Version), condition),
            _ => RequestProblem.StoreAway,
        };
    }

    private static async Task<Results<NoContent, StatusCodeHttpResult, RequestProblem>> DeleteAsync(
        string user, CacheEntries entries, EntityKeys keys, ApiClient client, HttpResponse response, CancellationToken cancellationToken)
    {
        var key = keys.Build(client, builder => builder.UserSession(user));
        if (entries.Store is null) return RequestProblem.StoreAway;
        if (await entries.RemoveAsync(key, cancellationToken) is not { } removal) return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        if (!removal.Existed) return RequestProblem.NotFound with { Version = removal.Version };

        WriteResult.SetVersion(response.Headers, removal.Version);
        return TypedResults.NoContent();
    }

    private static EntryResult Answer(StoredEntry entry, bool tagsVerified)
        => new(EntryResult.ToLookup(entry), tagsVerified, isPrivate: true);
}
