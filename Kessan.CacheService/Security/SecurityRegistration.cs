using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Security;

internal static class SecurityRegistration
{
    /// <summary>API keys from <c>Kessan:Security</c>; the host does not start without.</summary>
    public static void AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SecurityOptions>, SecurityOptionsValidator>();
        services.AddOptions<SecurityOptions>()
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(SecurityOptions.Path).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<AuditLog>();
    }

    public static void UseApiKeys(this IApplicationBuilder app) => app.UseMiddleware<ApiKeyMiddleware>();
}
