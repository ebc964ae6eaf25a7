using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.CacheHost.Problems;

/// <summary>Writes a problem as RFC 9457 says, if the client accepts JSON; else the status and the headers say what can be said.</summary>
internal sealed class ProblemWriter(IProblemDetailsService problems, NodeIdentity node)
{
    public async Task WriteAsync(HttpContext context, RequestProblem problem)
    {
        var headers = context.Response.Headers;
        headers[KessanHeaders.Node] = node.Name; // the exception handler cleared what was set
        if (problem.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        Entries.WriteResult.SetVersion(headers, problem.Version);
        if (problem.Kind == ProblemKind.Unauthenticated) headers.WWWAuthenticate = "Bearer realm=\"kessan\"";
        if (problem.Kind == ProblemKind.UnsupportedEncoding) headers.AcceptEncoding = "identity"; // RFC 9110 section 12.5.3
        headers.CacheControl = "no-store";

        context.Response.StatusCode = problem.Kind.Status;
        await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = ToDetails(problem) });
    }

    private static ProblemDetails ToDetails(RequestProblem problem)
    {
        var details = new ProblemDetails
        {
            Type = problem.Kind.Type,
            Title = problem.Kind.Title,
            Status = problem.Kind.Status,
            Detail = problem.Detail,
        };
        if (problem.LimitName is { } name) details.Extensions["limit_name"] = name;
        if (problem.Limit is { } limit) details.Extensions["limit"] = limit;
        if (problem.Quota is { } quota)
        {
            details.Extensions["usage"] = quota.Usage;
            details.Extensions["remaining"] = quota.Remaining;
            details.Extensions["reset"] = quota.Reset;
            if (quota.Local is { } local) details.Extensions["local"] = local;
        }

        return details;
    }
}
