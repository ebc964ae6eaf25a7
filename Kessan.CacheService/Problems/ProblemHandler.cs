using Kessan.Caching.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Kessan.CacheHost.Problems;

/// <summary>Turns every exception into a problem: the one place where failures become answers.</summary>
internal sealed class ProblemHandler(ProblemWriter writer, ILogger<ProblemHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await writer.WriteAsync(httpContext, Translate(exception));
        return true;
    }

    private RequestProblem Translate(Exception exception)
    {
        switch (exception)
        {
            case RequestProblemException known:
                return known.Problem;
            case BadHttpRequestException bad:
                return FromServer(bad);
            case CacheStoreException or TimeoutException:
                Log.StoreFailed(logger, exception);
                return RequestProblem.StoreAway;
            default:
                Log.RequestFailed(logger, exception);
                return new RequestProblem(ProblemKind.Internal, "This is a defect of the service, not of the request; its log says more.");
        }
    }

    // What Kestrel and the binding of parameters find: both know the status; the texts here name no values, as theirs might.
    private static RequestProblem FromServer(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(ProblemKind.BodyTooLarge, "The body is longer than the server takes."),
        StatusCodes.Status408RequestTimeout => new(ProblemKind.BodyTimeout, "The body did not arrive in time."),
        StatusCodes.Status415UnsupportedMediaType => new(ProblemKind.UnsupportedMediaType, "The body's media type is not supported here."),
        _ => RequestProblem.Invalid("The request could not be read: a parameter or the body has the wrong form."),
    };
}
