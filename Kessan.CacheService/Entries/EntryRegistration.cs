using Kessan.CacheHost.Entities;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kessan.CacheHost.Entries;

internal static class EntryRegistration
{
    /// <summary>What the rows of entries, stocks, markets and sessions share.</summary>
    public static void AddEntryServices(this IServiceCollection services)
    {
        services.AddSingleton<EntryDesk>();
        services.AddSingleton<EntryFactory>();
        services.AddSingleton<BatchReader>();
        services.AddSingleton<EntryPayloads>();
        services.TryAddSingleton<PatternRemover>();
        services.AddSingleton<EntityKeys>();
    }

    /// <summary>Goes before everything that a hit in L1 does not need, and after what answers for a failure.</summary>
    public static void UseHits(this IApplicationBuilder app) => app.UseMiddleware<HitMiddleware>();
}
