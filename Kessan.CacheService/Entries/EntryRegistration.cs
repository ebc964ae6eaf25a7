namespace Kessan.CacheHost.Entries;

internal static class EntryRegistration
{
    public static void AddEntryServices(this IServiceCollection services)
    {
        services.AddSingleton<EntryFactory>();
        services.AddSingleton<EntryPayloads>();
    }
}
