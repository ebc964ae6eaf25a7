using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Kessan.CacheHost.Entries;

/// <summary>Reads and writes one entry for whatever row has named its key.</summary>
internal sealed class EntryDesk(CacheEntries entries, EntryFactory factory, BodyReader body)
{
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

    public async Task<Results<EntryResult, RequestProblem>> ReadAsync(string key, HttpRequest request, CancellationToken cancellationToken)
    {
        var lookup = await entries.GetAsync(key, IsPastL1(request), cancellationToken);
        return lookup.Found ? new EntryResult(lookup) : Missing(lookup, request);
    }

    /// <summary>
    /// The answer to a read that found nothing. Another cache believes a 404 and forgets what it has itself, so it hears when the store could not
    /// be asked; to anybody else there is no entry at present.
    /// </summary>
    public static RequestProblem Missing(in CacheLookup<StoredEntry> lookup, HttpRequest request)
        => lookup.IsStoreAway && EntryResult.IsEnvelopeAccepted(request) ? RequestProblem.StoreAway : RequestProblem.NotFound;

    public async Task<WriteResult> WriteAsync(string key, EntryParameters parameters, HttpContext context, CancellationToken cancellationToken)
    {
        var condition = WriteConditions.From(context.Request.Headers);
        var entry = IsEnvelope(context.Request)
            ? factory.Accept(await body.ReadEntryAsync(context))
            : factory.Create(
                key, await body.ReadValueAsync(context), context.Request.ContentType, parameters.Ttl, parameters.Type, parameters.Tags ?? []);
        return new WriteResult(await entries.SetAsync(new StoreWrite(key, entry, condition), cancellationToken), condition);
    }
}
