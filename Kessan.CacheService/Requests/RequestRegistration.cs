using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

internal static class RequestRegistration
{
    /// <summary>What a request may be, and how it is read.</summary>
    public static void AddRequestRules(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ServiceLimitsOptions, ServiceLimitsOptionsValidator>().BindConfiguration(ServiceLimitsOptions.Path);
        services.AddSingleton<RequestRules>();
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<BodyReader>();

        // A parameter of the wrong form becomes a problem in every environment.
        services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServiceLimitsOptions>>(static (server, limits) =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = limits.Value.Connections;

            // Not the limit itself: a body somewhat over it is read to its end and answered, a connection that breaks tells nothing.
            server.Limits.MaxRequestBodySize = 2L * Math.Max(limits.Value.BatchBytes, limits.Value.ValueBytes);
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
    }

    /// <summary>Goes before routing.</summary>
    public static void UseRawTarget(this IApplicationBuilder app) => app.UseMiddleware<RawTargetMiddleware>();

    /// <summary>Goes after routing and after the API keys.</summary>
    public static void UseRouteDecoding(this IApplicationBuilder app) => app.UseMiddleware<RouteDecodingMiddleware>();
}
