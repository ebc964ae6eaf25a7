using System.Globalization;
using Kessan.CacheHost.Problems;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>Answers what became of a write: 204, 202 when only this node has it, 412 or 409 when its condition failed, else 503.</summary>
internal sealed class WriteResult(EntryWriteOutcome outcome, WriteCondition condition) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        switch (outcome.Status)
        {
            case EntryWriteStatus.Stored:
                if (outcome.Version > 0) httpContext.Response.Headers.ETag = EntityTags.Of(outcome.Version);
                SetVersion(httpContext.Response.Headers, outcome.Version);
                httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case EntryWriteStatus.LocalOnly:
                httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
                return Task.CompletedTask;
            case EntryWriteStatus.Refused:
                return (Refused(condition) with { Version = outcome.Version }).ExecuteAsync(httpContext);
            default:
                return RequestProblem.StoreAway.ExecuteAsync(httpContext);
        }
    }

    public static void SetVersion(IHeaderDictionary headers, long version)
    {
        if (version > 0) headers[KessanHeaders.Version] = version.ToString(CultureInfo.InvariantCulture);
    }

    private static RequestProblem Refused(WriteCondition condition) => condition.Kind == WriteConditionKind.IfLeaseHeld
        ? new RequestProblem(ProblemKind.LeaseLost, "The lease ran out, or a write or an invalidation voided it: the value may be old.")
        : new RequestProblem(ProblemKind.ConditionFailed, "Another value stands there.");
}
