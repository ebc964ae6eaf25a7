namespace Kessan.CacheHost.Overload;

internal static class LoadRegistration
{
    public static void AddLoadLimits(this IServiceCollection services) => services.AddSingleton<LoadGate>();

    /// <summary>Goes after routing and after the API keys: the rate is a client's.</summary>
    public static void UseLoadLimits(this IApplicationBuilder app) => app.UseMiddleware<LoadMiddleware>();
}
