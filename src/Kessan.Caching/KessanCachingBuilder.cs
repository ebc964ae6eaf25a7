using Kessan.Caching.Storage;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Goes on where <c>AddKessanCaching()</c> ends: names the second layer. What can be said to <c>AddHybridCache()</c>'s builder
/// (<c>AddSerializer()</c>, <c>AddSerializerFactory()</c>) can be said to this one.
/// </summary>
public sealed class KessanCachingBuilder : IHybridCacheBuilder
{
    internal KessanCachingBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that the cache is registered in.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Uses a store as the second layer; the last call counts. Without any the cache is L1 only.</summary>
    /// <param name="factory">
    /// Makes the store, once; the container disposes it. <see langword="null"/> from it means that none is configured: L1 only.
    /// </param>
    public KessanCachingBuilder UseStore(Func<IServiceProvider, ICacheStore?> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Services.RemoveAll<ICacheStore>();
        Services.AddSingleton<ICacheStore>(services => factory(services)!);
        return this;
    }
}
