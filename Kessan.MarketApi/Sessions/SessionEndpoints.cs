using System.Collections.Immutable;
using Kessan.Caching;
using Kessan.Caching.Sessions;
using Kessan.MarketApi.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.MarketApi.Sessions;

/// <summary>The visitor's own session: begun, read (which prolongs it) and ended.</summary>
internal static class SessionEndpoints
{
    // Preferences at all their limits have 10,000 characters; escaped they have six times as many.
    private const int MaximumBodyBytes = 64 << 10;

    public static RouteGroupBuilder MapSessions(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sessions").WithTags("Sessions").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/", StartAsync).WithName("StartSession")
            .WithMetadata(new RequestSizeLimitAttribute(MaximumBodyBytes))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        group.MapGet("/", GetAsync).WithName("GetSession").ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapDelete("/", EndAsync).WithName("EndSession");
        return group;
    }

    // Always under a new id: one that a stranger planted in the browser is worth nothing.
    private static async Task<Results<Created<SessionAnswer>, ProblemHttpResult>> StartAsync(
        NewSession request, CacheService cache, TimeProvider timeProvider, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!request.IsValid)
            return Problems.InvalidPreferences(NewSession.MaximumCount, NewSession.MaximumName, NewSession.MaximumValue);

        var id = SessionCookie.NewId();
        var session = new UserSession(request.Preferences?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty, timeProvider.GetUtcNow());
        if ((await cache.SetSessionAsync(id, session, version: 0, cancellationToken)).Status != SessionWriteStatus.Stored)
            return Problems.SessionsUnavailable();
        if (SessionCookie.Read(context.Request) is { } former)
            await cache.RemoveSessionAsync(former, cancellationToken);

        SessionCookie.Write(context.Response, id);
        var reading = await cache.GetSessionAsync<UserSession>(id, cancellationToken);
        return TypedResults.Created("/sessions", Answer(session, reading.TimeLeft));
    }

    private static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> GetAsync(
        CacheService cache, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (SessionCookie.Read(context.Request) is not { } id)
            return Problems.NoSession();

        var reading = await cache.GetSessionAsync<UserSession>(id, cancellationToken);
        return reading.Status switch
        {
            SessionStatus.Found => TypedResults.Ok(Answer(reading.Value!, reading.TimeLeft)),
            SessionStatus.Missing => Problems.NoSession(),
            _ => Problems.SessionsUnavailable(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(
        CacheService cache, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (SessionCookie.Read(context.Request) is { } id && await cache.RemoveSessionAsync(id, cancellationToken) is null)
            return Problems.SessionsUnavailable();

        SessionCookie.Delete(context.Response);
        return TypedResults.NoContent();
    }

    private static SessionAnswer Answer(UserSession session, TimeSpan timeLeft) =>
        new(session.Preferences, session.StartedAt, (long)timeLeft.TotalSeconds);
}
