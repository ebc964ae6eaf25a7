using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>
/// Answers plain reads without what a handler needs around it: no scope of services, no binding of parameters, no state machine when L1 has
/// the entry. It says what the endpoint behind it says, which has the description and the reads with a query.
/// </summary>
internal sealed class PlainReadMiddleware(RequestDelegate next, CacheEntries entries, EntryPayloads payloads)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.QueryString.HasValue
            || context.GetEndpoint()?.Metadata.GetMetadata<PlainRead>() is null
            || context.Request.RouteValues["key"] is not string key)
        {
            return next(context);
        }

        // Without RequestAborted, which would have to be made: L1 answers at once, and the wait for the store is short.
        var reading = entries.GetAsync(key, EntryDesk.IsPastL1(context.Request), CancellationToken.None);
        return reading.IsCompletedSuccessfully ? Answer(context, reading.Result) : AnswerAsync(context, reading);
    }

    private Task Answer(HttpContext context, in CacheLookup<StoredEntry> lookup)
        => lookup.Found ? EntryResult.WriteAsync(context, payloads, lookup) : EntryDesk.Missing(lookup, context.Request).ExecuteAsync(context);

    private async Task AnswerAsync(HttpContext context, ValueTask<CacheLookup<StoredEntry>> reading) => await Answer(context, await reading);
}
