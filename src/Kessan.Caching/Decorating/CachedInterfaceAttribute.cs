using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Kessan.Caching.Decorating;

/// <summary>Tells <c>AddCached</c> which generated class stands before an interface; written by the generator, not by hand.</summary>
/// <param name="interfaceType">The interface.</param>
/// <param name="decoratorType">The class; its constructor takes a <see cref="CacheDecoratorContext{TInterface}"/>.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CachedInterfaceAttribute(
    Type interfaceType,
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type decoratorType) : Attribute
{
    /// <summary>The interface.</summary>
    public Type InterfaceType { get; } = interfaceType;

    /// <summary>The class that implements it.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type DecoratorType { get; } = decoratorType;
}
