using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kessan.Caching.Serialization;

/// <summary>Whether values of a type can be shared between callers, by the same rules as Microsoft's HybridCache.</summary>
internal static class ImmutableTypes<T>
{
    /// <summary>Strings, value types without references, and sealed types marked <c>[ImmutableObject(true)]</c>.</summary>
    public static readonly bool IsImmutable = Decide();

    private static bool Decide()
    {
        if (typeof(T) == typeof(string) || !RuntimeHelpers.IsReferenceOrContainsReferences<T>()) return true;
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return (type.IsValueType || type is { IsClass: true, IsSealed: true })
            && type.GetCustomAttribute<ImmutableObjectAttribute>() is { Immutable: true };
    }
}
