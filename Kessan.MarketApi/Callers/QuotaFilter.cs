using System.Globalization;
using Kessan.Caching;
using Kessan.Caching.Quotas;
using Kessan.MarketApi.Http;

namespace Kessan.MarketApi.Callers;

/// <summary>
/// Charges each request to its caller's day, says what is left (<c>RateLimit</c>, draft-ietf-httpapi-ratelimit-headers) and refuses what
/// goes over.
/// </summary>
internal sealed class QuotaFilter(CacheService cache, CallerIdentity callers) : IEndpointFilter
{
    private const string Policy = "daily";
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (callers.Identify(http.Request) is not { } caller)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.UnknownKey();
        }

        var quota = await cache.TrackQuotaAsync(
            caller.User, QuotaWindow.Daily, limit: caller.DailyLimit, cancellationToken: http.RequestAborted);
        var reset = Math.Max(1, (long)Math.Ceiling(quota.Reset.TotalSeconds));
        if (quota is { Limit: { } limit, Remaining: { } remaining })
            Announce(http.Response, limit, remaining, reset);
        if (quota.IsAllowed)
            return await next(context);

        http.Response.Headers.RetryAfter = reset.ToString(CultureInfo.InvariantCulture);
        return Problems.QuotaUsedUp();
    }

    // At the last moment: the answer to a failure begins with no headers.
    private static void Announce(HttpResponse response, long limit, long remaining, long reset) => response.OnStarting(() =>
    {
        response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{Policy}\";q={limit};w={Window.TotalSeconds}");
        response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{Policy}\";r={remaining};t={reset}");
        return Task.CompletedTask;
    });
}
