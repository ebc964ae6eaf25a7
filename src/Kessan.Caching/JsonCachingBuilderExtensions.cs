using System.Text.Json.Serialization;
using Kessan.Caching.Serialization;
using Microsoft.Extensions.Caching.Hybrid;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what JSON has to know about cached types.</summary>
public static class JsonCachingBuilderExtensions
{
    /// <summary>
    /// Lets a <see cref="JsonSerializerContext"/> make the JSON of its types, with its own options: what Native AOT and trimming need, and faster
    /// than reflection elsewhere. Several may be added; the last one that knows a type counts. Types that none knows are left to the
    /// serializers that were registered before and at last to reflection, where the program has it.
    /// </summary>
    /// <remarks>
    /// All programs that share a store must write a type alike: a naming policy in the context of one makes its entries misses for the
    /// others. May be called on the builder of <c>AddHybridCache()</c> too.
    /// </remarks>
    /// <param name="builder">What <c>AddKessanCaching()</c> returned.</param>
    /// <param name="context">The context, such as <c>MarketJson.Default</c>.</param>
    public static TBuilder AddJsonContext<TBuilder>(this TBuilder builder, JsonSerializerContext context)
        where TBuilder : IHybridCacheBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(context);
        builder.Services.AddSingleton<IHybridCacheSerializerFactory>(new JsonContextSerializerFactory(context));
        return builder;
    }
}
