using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

internal static class RequestRegistration
{
    /// <summary>What a request may be, and how it is read.</summary>
    public static void AddRequestRules(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ServiceLimitsOptions, ServiceLimitsOptionsValidator>().BindConfiguration(ServiceLimitsOptions.Path);
        services.AddSingleton<IValidateOptions<ServiceLimitsOptions>, ServiceLimitsSumsValidator>();
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

            // A request target that keeps to the limits is taken in either protocol; in HTTP/2 it is a header field.
            var target = LongestTarget(limits.Value);
            server.Limits.MaxRequestLineSize = Math.Max(server.Limits.MaxRequestLineSize, target);
            server.Limits.Http2.MaxRequestHeaderFieldSize = Math.Max(server.Limits.Http2.MaxRequestHeaderFieldSize, target);
            server.Limits.MaxRequestHeadersTotalSize += target;
        });
    }

    /// <summary>A key and all its tags, percent-encoded: up to nine characters for one. The rest has room in 8 KiB.</summary>
    internal static int LongestTarget(ServiceLimitsOptions limits)
    {
        const int Encoded = 9;
        return (8 * 1024) + (Encoded * limits.KeyLength) + (limits.Tags * ((Encoded * limits.TagLength) + "&tag=".Length));
    }

    /// <summary>Goes before routing.</summary>
    public static void UseRawTarget(this IApplicationBuilder app) => app.UseMiddleware<RawTargetMiddleware>();

    /// <summary>Goes after routing, and after what refuses more than this does.</summary>
    public static void UseConditions(this IApplicationBuilder app) => app.UseMiddleware<ConditionMiddleware>();

    /// <summary>Goes after routing and after the API keys.</summary>
    public static void UseRouteDecoding(this IApplicationBuilder app) => app.UseMiddleware<RouteDecodingMiddleware>();
}
