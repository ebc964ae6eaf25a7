using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Security;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Events;

/// <summary>The event stream: what changed, so that other caches stay coherent.</summary>
internal static class EventEndpoints
{
    public static RouteGroupBuilder MapEvents(this RouteGroupBuilder api)
    {
        api.MapGet("/events", StreamAsync).WithTags("Events").Requires(AccessScope.Read).WithMetadata(LoadMark.EventStream)
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
        return api;
    }

    private static async Task StreamAsync(
        HttpContext context,
        EventLog log,
        ApiKeyRing keys,
        NodeIdentity node,
        TimeProvider time,
        IOptions<EventOptions> options,
        IHostApplicationLifetime lifetime)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // proxies that collect answers would hold events back

        var session = new EventSession(context, log, keys, node, time, options.Value.Heartbeat);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await session.RunAsync(context.Request.Headers["Last-Event-ID"].ToString(), ending.Token);
    }
}
