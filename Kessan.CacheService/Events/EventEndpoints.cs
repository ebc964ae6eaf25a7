using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Security;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Events;

/// <summary>The event stream: what changed, so that other caches stay coherent.</summary>
internal static class EventEndpoints
{
    private const string Example = "id: 1f0c8a2b9e4d:17\nevent: key\ndata: {\"key\":\"stock_price:7203:latest\",\"change\":\"set\",\"version\":1732300000000000}\n\n: heartbeat n=17 up=60123.4 age=0.3\n\n";

    public static RouteGroupBuilder MapEvents(this RouteGroupBuilder api)
    {
        api.MapGet("/events", StreamAsync).WithTags("Events").Requires(AccessScope.Read).WithMetadata(LoadMark.EventStream)
            .WithSummary("Follows what changes, as server-sent events")
            .WithDescription("key, tag and lease events with versions; reset when something may have been missed; stopping when this replica goes. A heartbeat comment comes every 500 ms.")
            .Reads("Last-Event-ID", "Where to go on; an id that is unknown or too old begins with a reset.")
            .AnswersText(StatusCodes.Status200OK, "The stream, without an end.", "text/event-stream", Example, "X-Accel-Buffering");
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
