using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.CacheHost.Health;

/// <summary>How the service is, in detail; the short answers are the service defaults'.</summary>
internal static class HealthEndpoints
{
    private const string Example = """
        {"status":"healthy","services":{
          "redis":{"status":"healthy","connected":true,"hit_rate_percent":85.5,"memory_usage":"256MB","total_commands":10000,"uptime_seconds":86400,"connected_clients":5},
          "l1":{"status":"healthy","entries":812,"size_bytes":90123,"hit_rate_percent":97.1},
          "backplane":{"status":"healthy","connected":true,"lag_milliseconds":0.4,"gaps":0}}}
        """;

    public static void MapHealthAndMetrics(this WebApplication app)
    {
        app.MapGet("/health/detailed", GetAsync).WithTags("Health").Requires(AccessScope.Read, openInDevelopment: true)
            .WithSummary("Tells how the service is, layer by layer")
            .WithDescription("healthy, or degraded: Redis or the backplane is away and the service goes on without it. It never says unhealthy: a replica that cannot serve does not answer. What a server does not report is null; its figures are at most a second old.")
            .AnswersJson(StatusCodes.Status200OK, "How it is.", typeof(HealthAnswer), Example);
        app.MapPrometheusScrapingEndpoint("/metrics").Requires(AccessScope.Read, openInDevelopment: true);
    }

    private static async Task<JsonHttpResult<HealthAnswer>> GetAsync(HealthReport report, CancellationToken cancellationToken)
        => TypedResults.Json(await report.GatherAsync(cancellationToken), StatusJson.Default.HealthAnswer);
}
