using Kessan.CacheHost.Problems;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kessan.CacheHost.Entries;

/// <summary>Answers with an entry: with its envelope to those who accept that, else with the bytes that were put.</summary>
/// <param name="lookup">The entry.</param>
/// <param name="tagsVerified">Whether its tags were compared; if not, a reader that is a cache does it.</param>
/// <param name="isPrivate">Nobody may keep the answer.</param>
internal sealed class EntryResult(CacheLookup<StoredEntry> lookup, bool tagsVerified = true, bool isPrivate = false) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status200OK;

    /// <summary>Whether the client wants entries with their envelope.</summary>
    public static bool IsEnvelopeAccepted(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0) return false;
        return accept == StoredEntryFormat.MediaType
            || (accept.ToString().Contains(StoredEntryFormat.MediaType, StringComparison.OrdinalIgnoreCase) && IsWanted(accept));
    }

    /// <summary>An entry that came from the store itself.</summary>
    public static CacheLookup<StoredEntry> ToLookup(StoredEntry entry)
        => new(Found: true, entry, CacheLayer.L2, entry.Age, entry.FreshLeft, IsStale: entry.FreshLeft < TimeSpan.Zero, entry.Version)
        {
            Tags = [.. entry.Tags.Select(static tag => tag.Tag).Where(static tag => tag != "*")],
        };

    public Task ExecuteAsync(HttpContext httpContext)
        => WriteAsync(httpContext, httpContext.RequestServices.GetRequiredService<EntryPayloads>(), lookup, tagsVerified, isPrivate);

    /// <summary>Answers with an entry, for those who need no result object.</summary>
    public static Task WriteAsync(
        HttpContext httpContext, EntryPayloads payloads, in CacheLookup<StoredEntry> lookup, bool tagsVerified = true, bool isPrivate = false)
    {
        var response = httpContext.Response;
        if (IsEnvelopeAccepted(httpContext.Request))
        {
            // The envelope says all that the other header fields would.
            response.Headers["Cache-Status"] = CacheStatus.Format(lookup);
            response.Headers.CacheControl = "no-store";
            if (!tagsVerified) response.Headers[KessanHeaders.Tags] = "unverified";
            return WriteAsync(httpContext, StoredEntryFormat.MediaType, StoredEntryFormat.Encode(lookup.Value! with { Age = lookup.Age }));
        }

        if (EntityTags.Matches(httpContext.Request.Headers.IfNoneMatch, lookup.Version))
        {
            WriteHeaders(response, lookup, isPrivate);
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        payloads.Charge(httpContext, lookup.Value!);
        if (!payloads.TryDecode(lookup.Value!, out var body, out var contentType)) return RequestProblem.NotFound.ExecuteAsync(httpContext);
        WriteHeaders(response, lookup, isPrivate);

        // Stored bytes may be anybody's HTML: a browser must not run them as this site's.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return WriteAsync(httpContext, contentType, body);
    }

    private static bool IsWanted(StringValues accept)
        => MediaTypeHeaderValue.TryParseList(accept, out var types)
            && types.Any(static type => type.MediaType.Equals(StoredEntryFormat.MediaType, StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    private static void WriteHeaders(HttpResponse response, in CacheLookup<StoredEntry> lookup, bool isPrivate)
    {
        EntryHeaders.Write(response.Headers, lookup);
        if (isPrivate) response.Headers.CacheControl = "no-store";
    }

    private static Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.BodyWriter.WriteAsync(body, CancellationToken.None).AsTask(); // asking for RequestAborted makes a source; the server ends the write anyway
    }
}
