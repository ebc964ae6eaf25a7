using Kessan.CacheHost.Entries;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.CacheHost.Leases;

/// <summary>The right to fill a key: one caller in the fleet has it, the others get what that one brings.</summary>
internal static class LeaseEndpoints
{
    private const string Route = "/leases/{**key}";

    public static RouteGroupBuilder MapLeases(this RouteGroupBuilder api)
    {
        var leases = api.MapGroup("").WithTags("Leases").Requires(AccessScope.Write);
        leases.MapPost(Route, AcquireAsync).WithMetadata(LoadMark.LeaseWait);
        leases.MapPut(Route, RenewAsync).WithMetadata(LoadMark.Request);
        leases.MapDelete(Route, ReleaseAsync).WithMetadata(LoadMark.Request);
        leases.MapPost("/leases/batch", AcquireManyAsync).WithMetadata(LoadMark.Request);
        return api;
    }

    private static async Task<IResult> AcquireAsync(
        string key,
        [FromQuery] double? wait,
        [FromQuery] double? duration,
        [FromQuery] bool? refresh,
        [FromQuery] long? unwanted,
        [FromHeader(Name = KessanHeaders.Lease)] string? nonce,
        CacheEntries entries,
        LeaseDesk desk,
        LeaseTimes times,
        HttpRequest http,
        CancellationToken cancellationToken)
    {
        var unwantedVersion = unwanted ?? 0;
        if (refresh == true && (await entries.GetAsync(key, pastL1: true, cancellationToken)) is { Found: true } present) unwantedVersion = present.Version;

        var request = new LeaseRequest(key, WriteConditions.CheckNonce(nonce), times.ToDuration(duration)) { UnwantedVersion = unwantedVersion };
        var result = EntryResult.IsEnvelopeAccepted(http)
            ? await desk.AcquireAsync(request, times.ToWait(wait), cancellationToken) // another cache compares the tags itself
            : await desk.AcquireValidAsync(request, times.ToWait(wait), cancellationToken);
        return result switch
        {
            null => RequestProblem.StoreAway,
            { Outcome: LeaseOutcome.Value, Reading: { Entry: { } entry } reading } => new EntryResult(EntryResult.ToLookup(entry), reading.TagsVerified),
            { Outcome: LeaseOutcome.Granted } granted => TypedResults.Json(
                new LeaseAnswer(granted.Remaining.TotalSeconds, granted.Version), ServiceJson.Default.LeaseAnswer, statusCode: StatusCodes.Status201Created),
            { } held => TypedResults.Json(
                new LeaseAnswer(held.Remaining.TotalSeconds), ServiceJson.Default.LeaseAnswer, statusCode: StatusCodes.Status202Accepted),
        };
    }

    private static async Task<Results<NoContent, RequestProblem>> RenewAsync(
        string key,
        [FromQuery] double? duration,
        [FromHeader(Name = KessanHeaders.Lease)] string? nonce,
        StoreCalls calls,
        LeaseTimes times,
        CancellationToken cancellationToken)
    {
        var holder = WriteConditions.CheckNonce(nonce);
        var extension = times.ToDuration(duration);
        var renewed = await calls.AskAsync(
            StoreCalls.Short, (store, token) => store.RenewLeaseAsync(key, holder, extension, token), cancellationToken);
        return renewed ? TypedResults.NoContent() : new RequestProblem(ProblemKind.LeaseLost, "The lease ran out or was voided.");
    }

    private static async Task<NoContent> ReleaseAsync(
        string key, [FromHeader(Name = KessanHeaders.Lease)] string? nonce, StoreCalls calls, CancellationToken cancellationToken)
    {
        var holder = WriteConditions.CheckNonce(nonce);
        await calls.AskAsync(StoreCalls.Short, ReleaseAsync, cancellationToken);
        return TypedResults.NoContent();

        async ValueTask<bool> ReleaseAsync(ICacheStore store, CancellationToken token)
        {
            await store.ReleaseLeaseAsync(key, holder, token);
            return true;
        }
    }

    private static async Task<IResult> AcquireManyAsync(
        StoreCalls calls,
        BodyReader body,
        RequestRules rules,
        LeaseTimes times,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var batch = await body.ReadJsonAsync(context, ServiceJson.Default.LeaseBatchRequest);
        if (rules.CheckBatch(batch.Leases.Count) is { } problem) throw problem.AsException();

        var requests = new LeaseRequest[batch.Leases.Count];
        for (var i = 0; i < requests.Length; i++)
        {
            var (key, nonce, duration, unwanted) = batch.Leases[i] ?? throw RequestProblem.Invalid("A lease is null.").AsException();
            if (rules.CheckKey(client, key) is { } wrong) throw wrong.AsException();
            requests[i] = new LeaseRequest(key, WriteConditions.CheckNonce(nonce), times.ToDuration(duration)) { UnwantedVersion = unwanted };
        }

        var results = await calls.AskAsync(StoreCalls.Short, (store, token) => store.AcquireLeasesAsync(requests, token), cancellationToken);
        if (EntryResult.IsEnvelopeAccepted(context.Request)) return FramesResult.Of(results);
        return TypedResults.Json(
            new LeaseBatchAnswer([.. results.Select((result, i) => ToOutcome(requests[i].Key, result))]), ServiceJson.Default.LeaseBatchAnswer);
    }

    private static LeaseBatchOutcome ToOutcome(string key, LeaseResult result) => result.Outcome switch
    {
        LeaseOutcome.Granted => new(key, "granted", result.Remaining.TotalSeconds, result.Version),
        LeaseOutcome.Held => new(key, "held", result.Remaining.TotalSeconds),
        _ => new(key, "value"),
    };
}
