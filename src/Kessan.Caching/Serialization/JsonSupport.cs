using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kessan.Caching.Serialization;

/// <summary>
/// Whether System.Text.Json can write a type and read it back, found out from its contracts and not by trying a value: the answer is the
/// same for every value and on every node.
/// </summary>
/// <remarks>
/// What it cannot take: what it has no contract for (arrays of several dimensions, pointers), dictionaries whose keys are no simple values, and
/// types that it could write but never make again (interfaces and abstract classes that are not declared polymorphic, classes without a
/// constructor of its choice).
/// </remarks>
[RequiresUnreferencedCode("It looks at the members of types by reflection.")]
[RequiresDynamicCode("It looks at the members of types by reflection.")]
internal static class JsonSupport
{
    public static bool Takes(Type type, JsonSerializerOptions options) => Parts(type, options).All(part => part.Kind switch
    {
        null => false,
        JsonTypeInfoKind.Dictionary => IsSimple(part.KeyType!, options),
        JsonTypeInfoKind.Object => CanBeMade(part.Contract!),
        _ => true, // a list, a simple value, or a converter that somebody chose
    });

    /// <summary>The types of the keys of all dictionaries in a type that are no simple values.</summary>
    public static IEnumerable<Type> CompositeKeys(Type type, JsonSerializerOptions options)
        => Parts(type, options).Where(part => part.Kind == JsonTypeInfoKind.Dictionary).Select(part => part.KeyType!).Where(key => !IsSimple(key, options));

    /// <summary>A type and all that its values contain.</summary>
    private static IEnumerable<Part> Parts(Type type, JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true); // as its first use would
        var (seen, rest) = (new HashSet<Type> { type }, new Stack<Type>([type]));
        while (rest.TryPop(out var next))
        {
            var part = new Part(next, ContractOf(next, options));
            yield return part;
            foreach (var inner in part.Inner.Where(seen.Add)) rest.Push(inner);
        }
    }

    private static JsonTypeInfo? ContractOf(Type type, JsonSerializerOptions options)
    {
        if (type.IsArray && type.GetArrayRank() > 1) return null;
        try
        {
            return options.GetTypeInfo(type);
        }
        catch (Exception failure) when (failure is NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsSimple(Type key, JsonSerializerOptions options) => ContractOf(key, options)?.Kind == JsonTypeInfoKind.None;

    private static bool CanBeMade(JsonTypeInfo contract)
        => contract.CreateObject is not null || contract.ConstructorAttributeProvider is not null || contract.PolymorphismOptions is not null;

    /// <param name="Type">The type.</param>
    /// <param name="Contract">What JSON makes of it; <see langword="null"/>: nothing.</param>
    private sealed record Part(Type Type, JsonTypeInfo? Contract)
    {
        public JsonTypeInfoKind? Kind => Contract?.Kind;

        public Type? KeyType => Contract!.KeyType;

        public IEnumerable<Type> Inner => Kind switch
        {
            null => Type.IsArray ? [Type.GetElementType()!] : [],
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => [Contract!.ElementType!],
            JsonTypeInfoKind.Object => Contract!.Properties.Where(member => member.Get is not null).Select(member => member.PropertyType),
            _ => [],
        };
    }
}
