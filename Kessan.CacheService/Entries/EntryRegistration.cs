using Kessan.CacheHost.Entities;

namespace Kessan.CacheHost.Entries;

internal static class EntryRegistration
{
    /// <summary>What the rows of entries, stocks, markets and sessions share.</summary>
    public static void AddEntryServices(this IServiceCollection services)
    {
        services.AddSingleton<EntryDesk>();
        services.AddSingleton<EntryFactory>();
        services.AddSingleton<EntryPayloads>();
        services.AddSingleton<EntityKeys>();
    }
}
