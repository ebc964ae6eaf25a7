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

    /// <summary>Goes after the decoding of the path.</summary>
    public static void UsePlainReads(this IApplicationBuilder app) => app.UseMiddleware<PlainReadMiddleware>();
}
