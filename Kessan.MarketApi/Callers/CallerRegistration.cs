using System.Net;
using Kessan.MarketApi.Sources;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Callers;

internal static class CallerRegistration
{
    /// <summary>Adds the callers, their quotas and the proxies between them and us.</summary>
    public static IServiceCollection AddCallers(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CallerOptions, CallerOptionsValidator>().BindConfiguration(MarketOptions.Section);
        services.AddSingleton<CallerIdentity>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<CallerOptions>>(static (forwarded, callers) =>
        {
            // Who nobody vouches for may write any address into the header: not even this machine's is believed unless it is named.
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            var proxies = callers.Value.TrustedProxies;
            forwarded.ForwardedHeaders = proxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
            forwarded.ForwardLimit = null;
            foreach (var proxy in proxies)
            {
                if (IPAddress.TryParse(proxy, out var address))
                    forwarded.KnownProxies.Add(address);
                else
                    forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        });
        return services;
    }

    /// <summary>Charges the endpoints of a group to their callers' quotas.</summary>
    public static RouteGroupBuilder RequireQuota(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter<RouteGroupBuilder, QuotaFilter>();
        return group.ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
    }
}
