using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Problems;
using Microsoft.Net.Http.Headers;

namespace Kessan.CacheHost.Requests;

/// <summary>
/// Refuses a condition that a row does not decide: a change must not be carried out if its condition is false (RFC 9110 section 13.1), and the
/// store removes, extends and leases without conditions.
/// </summary>
/// <remarks>What a row decides stands in its description. A read may pass a condition over: it changes nothing.</remarks>
internal sealed class ConditionMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (IsDecided(context, HeaderNames.IfMatch, request.Headers.IfMatch.Count) && IsDecided(context, HeaderNames.IfNoneMatch, request.Headers.IfNoneMatch.Count))
        {
            return next(context);
        }

        return RequestProblem.Invalid("This row decides no conditions: it takes neither If-Match nor If-None-Match.").ExecuteAsync(context);
    }

    private static bool IsDecided(HttpContext context, string name, int count)
        => count == 0
            || HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            || context.GetEndpoint() is not RouteEndpoint row
            || row.Metadata.OfType<HeaderDoc>().Any(header => header.Name == name);
}
