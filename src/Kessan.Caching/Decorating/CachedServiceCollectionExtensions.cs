using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Kessan.Caching;
using Kessan.Caching.Decorating;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers services whose methods are cached.</summary>
public static class CachedServiceCollectionExtensions
{
    /// <summary>
    /// Registers an implementation behind the class that caches its <see cref="CacheResultAttribute"/> methods. Needs
    /// <c>AddKessanCaching()</c>. Safe to call twice; the last implementation counts.
    /// </summary>
    /// <typeparam name="TInterface">An interface with cached methods, from a project that runs the generator.</typeparam>
    /// <typeparam name="TImplementation">The implementation, made by the container.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="lifetime">
    /// The lifetime of both. With <see cref="ServiceLifetime.Scoped"/> and <see cref="ServiceLifetime.Transient"/> a source runs in a scope
    /// of its own, because it may go on when its caller's scope has ended. Default: singleton.
    /// </param>
    /// <exception cref="InvalidOperationException">The interface has no generated class.</exception>
    public static IServiceCollection AddCached<TInterface, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>(
        this IServiceCollection services, ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where TInterface : class
        where TImplementation : class, TInterface
    {
        ArgumentNullException.ThrowIfNull(services);
        var decorator = Decorator(typeof(TInterface));

        services.TryAdd(new ServiceDescriptor(typeof(TImplementation), typeof(TImplementation), lifetime));
        services.RemoveAll<TInterface>();
        services.Add(new ServiceDescriptor(
            typeof(TInterface),
            provider => decorator.Create(new CacheDecoratorContext<TInterface>(
                provider, static scope => scope.GetRequiredService<TImplementation>(), ownScope: lifetime != ServiceLifetime.Singleton)),
            lifetime));
        return services;
    }

    private static DecoratorType Decorator(Type type)
    {
        foreach (var attribute in type.Assembly.GetCustomAttributes<CachedInterfaceAttribute>())
        {
            if (attribute.InterfaceType == type) return new DecoratorType(attribute.DecoratorType);
        }

        throw new InvalidOperationException(
            $"There is no generated class for {type}: it declares no [CacheResult] or [CacheInvalidate] method, or the project that declares it does not "
            + "reference Kessan.Caching.Generators as an analyzer (OutputItemType=\"Analyzer\" ReferenceOutputAssembly=\"false\").");
    }

    private readonly struct DecoratorType([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type)
    {
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
        private readonly Type _type = type;

        public object Create(object context) => Activator.CreateInstance(_type, context)!;
    }
}
