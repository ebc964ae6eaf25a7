using System.Globalization;
using Kessan.MarketApi.Sources;
using Microsoft.AspNetCore.Diagnostics;

namespace Kessan.MarketApi.Http;

/// <summary>A source that fails with nothing cached is 503 and says when to come back; every other exception stays a 500.</summary>
internal sealed class SourceExceptionHandler : IExceptionHandler
{
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(5);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // A source that is slower than a fill may take ends in a timeout.
        if (exception is not (SourceException or TimeoutException))
            return false;

        var seconds = Math.Ceiling(((exception as SourceException)?.RetryAfter ?? DefaultRetryAfter).TotalSeconds);
        httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.SourceUnavailable().ExecuteAsync(httpContext);
        return true;
    }
}
