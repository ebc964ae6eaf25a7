using System.Globalization;
using Kessan.CacheHost.Problems;
using Kessan.Caching.Quotas;

namespace Kessan.CacheHost.Quotas;

/// <summary>Answers how a quota stands, in the body and in <c>RateLimit</c> fields (draft-ietf-httpapi-ratelimit-headers); 429 past the limit.</summary>
internal sealed class QuotaResult(QuotaStatus status, QuotaWindow window) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.CacheControl = "no-store";
        var reset = Math.Max(1, (long)Math.Ceiling(status.Reset.TotalSeconds));
        if (status is { Limit: { } limit, Remaining: { } remaining })
        {
            var name = QuotaWindows.NameOf(window);
            headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={limit};w={Seconds(window)}");
            headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={remaining};t={reset}");
        }

        var answer = new QuotaAnswer(
            status.Usage, status.Limit, status.Remaining, Math.Round(status.Reset.TotalSeconds, 3), status.IsLocal ? true : null);
        if (!status.IsAllowed && HttpMethods.IsPost(httpContext.Request.Method))
        {
            return new RequestProblem(ProblemKind.QuotaExceeded, "The charge would pass the limit; nothing was charged.")
            {
                RetryAfter = TimeSpan.FromSeconds(reset),
                LimitName = QuotaWindows.NameOf(window),
                Limit = status.Limit,
                Quota = answer,
            }.ExecuteAsync(httpContext);
        }

        return TypedResults.Json(answer, ServiceJson.Default.QuotaAnswer).ExecuteAsync(httpContext);
    }

    private static int Seconds(QuotaWindow window) => window switch
    {
        QuotaWindow.Minute => 60,
        QuotaWindow.Hourly => 3600,
        _ => 86400,
    };
}
