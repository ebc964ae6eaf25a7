using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>Many entries in one request.</summary>
internal static class EntryBatchEndpoints
{
    private const string GetExample = """
        {"entries":{"stock_price:7203:latest":{"value":{"close":2520.0},"content_type":"application/json","ttl":298.2,"age":1.8,"stale":false,"etag":"\"1732300000000000\"","tags":["stock:7203"],"layer":"l1"}},"missing":["stock_price:6758:latest"]}
        """;

    public static RouteGroupBuilder MapEntryBatches(this RouteGroupBuilder api)
    {
        var batches = api.MapGroup("/entries").WithTags("Entries").WithMetadata(LoadMark.Request);
        batches.MapPost("/batch-get", GetAsync).Requires(AccessScope.Read)
            .WithSummary("Reads many entries")
            .WithDescription("Values that are JSON come inline, all others in base64 with \"encoding\":\"base64\".")
            .Reads("Cache-Control", "no-cache reads past L1.")
            .TakesJson(typeof(KeysRequest), "The keys.", """{"keys":["stock_price:7203:latest","stock_price:6758:latest"]}""")
            .AnswersJson(StatusCodes.Status200OK, "The entries that there are, and the keys of those that there are not.", typeof(BatchGetAnswer), GetExample, orFrames: true)
            .Fails(ProblemKind.StoreAway);
        batches.MapPost("/batch-set", SetAsync).Requires(AccessScope.Write)
            .WithSummary("Writes many entries")
            .TakesJson(typeof(BatchSetRequest), "The entries.", """{"entries":{"stock_price:7203:latest":{"value":{"close":2520.0},"ttl":300}}}""", orFrames: true)
            .AnswersJson(StatusCodes.Status200OK, "How many were stored, and why others were not.", typeof(BatchSetAnswer), """{"stored":1,"failed":{}}""", orFrames: true)
            .AnswersJson(StatusCodes.Status202Accepted, "Redis is away: this node alone has some of them until it is back.", typeof(BatchSetAnswer), """{"stored":1,"failed":{}}""")
            .Fails(ProblemKind.StoreAway);
        batches.MapPost("/batch-delete", DeleteAsync).Requires(AccessScope.Write)
            .WithSummary("Removes many entries")
            .TakesJson(typeof(KeysRequest), "The keys.", """{"keys":["stock_price:7203:latest"]}""")
            .AnswersJson(StatusCodes.Status200OK, "How many there were.", typeof(DeletedAnswer), """{"deleted":1}""", orFrames: true)
            .AnswersJson(StatusCodes.Status202Accepted, "Redis is away: removed here, and there when it is back.", typeof(DeletedAnswer), """{"deleted":0}""")
            .Fails(ProblemKind.StoreAway);
        return api;
    }

    private static async Task<IResult> GetAsync(
        BatchReader batches, BodyReader body, RequestRules rules, ApiClient client, HttpContext context, CancellationToken cancellationToken)
    {
        var request = await body.ReadJsonAsync(context, ServiceJson.Default.KeysRequest);
        rules.DemandKeys(client, request.Keys);

        var isEnvelope = EntryResult.IsEnvelopeAccepted(context.Request);
        var keys = isEnvelope ? request.Keys : [.. request.Keys.Distinct(StringComparer.Ordinal)];
        var lookups = await batches.ReadAsync(context, keys, isEnvelope, cancellationToken);
        return isEnvelope ? FramesResult.Of(lookups) : new BatchGetResult(keys, lookups);
    }

    private static async Task<IResult> SetAsync(
        CacheEntries entries,
        EntryFactory factory,
        BodyReader body,
        RequestRules rules,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (EntryDesk.IsEnvelope(context.Request))
        {
            var frames = FramesResult.Read(await body.ReadBatchAsync(context));
            rules.DemandKeys(client, [.. frames.Select(static frame => frame.Key)]);
            var accepted = frames.Select(frame => new StoreWrite(frame.Key, factory.Accept(FramesResult.DemandEntry(frame)), FramesResult.ConditionOf(frame)));
            return FramesResult.Of(await entries.SetManyAsync([.. accepted], cancellationToken));
        }

        var request = await body.ReadJsonAsync(context, ServiceJson.Default.BatchSetRequest);
        rules.DemandKeys(client, [.. request.Entries.Keys]);

        List<StoreWrite> writes = [];
        Dictionary<string, string> failed = new(StringComparer.Ordinal);
        foreach (var (key, item) in request.Entries)
        {
            if (item is null) throw RequestProblem.Invalid("An entry is null.").AsException();
            try
            {
                writes.Add(new StoreWrite(key, Create(factory, key, item)));
            }
            catch (RequestProblemException problem)
            {
                failed.Add(key, problem.Message);
            }
        }

        var outcomes = await entries.SetManyAsync(writes, cancellationToken);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Status is EntryWriteStatus.Refused or EntryWriteStatus.Unavailable) failed.Add(writes[i].Key, "The store did not take it.");
        }

        var isLocal = outcomes.Any(static outcome => outcome.Status == EntryWriteStatus.LocalOnly);
        return TypedResults.Json(
            new BatchSetAnswer(request.Entries.Count - failed.Count, failed),
            ServiceJson.Default.BatchSetAnswer,
            statusCode: isLocal ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(
        CacheEntries entries, BodyReader body, RequestRules rules, ApiClient client, HttpContext context, CancellationToken cancellationToken)
    {
        var request = await body.ReadJsonAsync(context, ServiceJson.Default.KeysRequest);
        rules.DemandKeys(client, request.Keys);

        // Started together: the store sends them in one go.
        var removals = await Task.WhenAll(request.Keys.Select(key => entries.RemoveAsync(key, cancellationToken).AsTask()));
        if (EntryResult.IsEnvelopeAccepted(context.Request)) return FramesResult.Of(removals);
        return TypedResults.Json(
            new DeletedAnswer(removals.Count(static removal => removal is { Existed: true })),
            ServiceJson.Default.DeletedAnswer,
            statusCode: removals.Any(static removal => removal is null) ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static StoredEntry Create(EntryFactory factory, string key, BatchSetItem item)
    {
        if (item.Encoding is null)
        {
            // The reader of JSON looks at the bytes of a text only when it makes a string of them.
            var json = JsonMarshal.GetRawUtf8Value(item.Value);
            if (!Utf8.IsValid(json)) throw RequestProblem.Invalid("The value has text that is not valid Unicode.").AsException();
            return factory.Create(key, json.ToArray(), item.ContentType ?? "application/json", item.Ttl, item.Type, item.Tags ?? []);
        }

        return TryDecode(item, out var bytes)
            ? factory.Create(key, bytes, item.ContentType, item.Ttl, item.Type, item.Tags ?? [])
            : throw RequestProblem.Invalid("The encoding can only be base64, of a string.").AsException();
    }

    private static bool TryDecode(BatchSetItem item, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        try
        {
            return item.Encoding == "base64" && item.Value.ValueKind == JsonValueKind.String && item.Value.TryGetBytesFromBase64(out bytes);
        }
        catch (InvalidOperationException) // half a surrogate pair, escaped
        {
            return false;
        }
    }
}
