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
            server.Limits.MaxRequestBodySize = limits.Value.BatchBytes;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
    }

    /// <summary>Goes before routing.</summary>
    public static void UseRawTarget(this IApplicationBuilder app) => app.UseMiddleware<RawTargetMiddleware>();

    /// <summary>Goes after routing and after the API keys.</summary>
    public static void UseRouteDecoding(this IApplicationBuilder app) => app.UseMiddleware<RouteDecodingMiddleware>();
}
