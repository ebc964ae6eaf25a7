using System.ComponentModel;
using Kessan.CacheHost.Entries;
using Kessan.CacheHost.OpenApi;
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
    private const string NonceHelp = "Who asks: at most 64 printable characters that the caller chooses and nobody else has.";
    private const string DurationHelp = "How long the lease lasts if it is not renewed, in milliseconds; 1 to 60,000, else 2,000.";

    public static RouteGroupBuilder MapLeases(this RouteGroupBuilder api)
    {
        var leases = api.MapGroup("").WithTags("Leases").Requires(AccessScope.Write);
        leases.MapPost(Route, AcquireAsync).WithMetadata(LoadMark.LeaseWait)
            .WithSummary("Asks for the right to fill a key")
            .WithDescription("One caller in the fleet gets it; the others, if they wait, get what that one writes. Asking again with the same nonce is safe.")
            .Reads(KessanHeaders.Lease, NonceHelp, required: true)
            .GivesEntryOnce()
            .AnswersJson(StatusCodes.Status201Created, "Granted: write the entry with this nonce.", typeof(LeaseAnswer), """{"expires_in":2,"version":1732300000000000}""")
            .AnswersJson(StatusCodes.Status202Accepted, "Still held by another.", typeof(LeaseAnswer), """{"expires_in":1.4}""")
            .Fails(ProblemKind.StoreAway);
        leases.MapPut(Route, RenewAsync).WithMetadata(LoadMark.Request)
            .WithSummary("Renews a lease").Reads(KessanHeaders.Lease, NonceHelp, required: true).Answers(StatusCodes.Status204NoContent, "Renewed.").Fails(ProblemKind.LeaseLost, ProblemKind.StoreAway);
        leases.MapDelete(Route, ReleaseAsync).WithMetadata(LoadMark.Request)
            .WithSummary("Gives a lease back without a value").Reads(KessanHeaders.Lease, NonceHelp, required: true).Answers(StatusCodes.Status204NoContent, "Released, or not held.").Fails(ProblemKind.StoreAway);
        leases.MapPost("/leases/batch", AcquireManyAsync).WithMetadata(LoadMark.Request)
            .WithSummary("Asks for many leases, without waiting")
            .TakesJson(typeof(LeaseBatchRequest), "The requests.", """{"leases":[{"key":"stock_price:7203:latest","nonce":"0c9f"}]}""")
            .AnswersJson(StatusCodes.Status200OK, "What became of each.", typeof(LeaseBatchAnswer), """{"leases":[{"key":"stock_price:7203:latest","outcome":"granted","expires_in":2}]}""", orFrames: true)
            .Fails(ProblemKind.StoreAway);
        return api;
    }

    private static async Task<IResult> AcquireAsync(
        string key,
        [FromQuery, Description("How long to wait for another's lease, in milliseconds; 0 to 30,000, else 0.")] double? wait,
        [FromQuery, Description(DurationHelp)] double? duration,
        [FromQuery, Description("true: the entry that is there is to be renewed early, and is no answer.")] bool? refresh,
        [FromQuery, Description("An entry of this version or an older one is no answer.")] long? unwanted,
        [FromHeader(Name = KessanHeaders.Lease), Description(NonceHelp)] string? nonce,
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
        [FromQuery, Description(DurationHelp)] double? duration,
        [FromHeader(Name = KessanHeaders.Lease), Description(NonceHelp)] string? nonce,
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
        string key, [FromHeader(Name = KessanHeaders.Lease), Description(NonceHelp)] string? nonce, StoreCalls calls, CancellationToken cancellationToken)
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
        LeaseBatch leases,
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

        if (EntryResult.IsEnvelopeAccepted(context.Request)) return FramesResult.Of(await leases.AcquireAsync(context, requests, cancellationToken));
        return TypedResults.Json(
            new LeaseBatchAnswer(await leases.AcquireValidAsync(requests, cancellationToken)), ServiceJson.Default.LeaseBatchAnswer);
    }
}
