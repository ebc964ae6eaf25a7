namespace Kessan.CacheHost.Leases;

internal static class LeaseRegistration
{
    public static void AddLeaseServices(this IServiceCollection services)
    {
        services.AddSingleton<LeaseTimes>();
        services.AddSingleton<LeaseDesk>();
        services.AddSingleton<LeaseBatch>();
    }
}
