using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kessan.ServiceDefaults;

internal static class HealthEndpoints
{
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";
    private const string LiveTag = "live";

    public static void AddSelfCheck(IServiceCollection services) =>
        services.AddHealthChecks().AddCheck("self", static () => HealthCheckResult.Healthy(), [LiveTag]);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks(HealthPath).AllowAnonymous();
        endpoints.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = static check => check.Tags.Contains(LiveTag) })
            .AllowAnonymous();
    }

    /// <summary>Whether a request is a probe's: those come every few seconds and would bury the traces of real ones.</summary>
    public static bool IsProbe(HttpRequest request) => request.Path.Equals(HealthPath, StringComparison.OrdinalIgnoreCase)
        || request.Path.Equals(AlivePath, StringComparison.OrdinalIgnoreCase);
}
