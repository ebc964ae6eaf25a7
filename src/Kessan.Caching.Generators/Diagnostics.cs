using Microsoft.CodeAnalysis;

namespace Kessan.Caching.Generators;

/// <summary>What can be wrong with a cached method; the ids are stable.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor UnknownPlaceholder = Error(
        "KES001", "A placeholder names no parameter", "'{{{0}}}' names no parameter of '{1}'");

    public static readonly DiagnosticDescriptor NoValue = Error(
        "KES002", "A cached method returns Task<T> or ValueTask<T>", "'{0}' returns '{1}'; {2}");

    public static readonly DiagnosticDescriptor ByReference = Error(
        "KES003", "A cached method takes no parameter by reference", "Parameter '{0}' of '{1}' is passed by reference, which an asynchronous method cannot take");

    public static readonly DiagnosticDescriptor MalformedTemplate = Error(
        "KES004", "A template is malformed", "The template \"{0}\" cannot be used: {1}");

    public static readonly DiagnosticDescriptor ParameterNotInKey = new(
        "KES005", "A parameter is not part of the key",
        "Parameter '{0}' of '{1}' is not part of the key: calls that differ only in it get each other's value. Name it in Key, or mark it [NotInCacheKey].",
        "Kessan", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoStableText = Error(
        "KES006", "A placeholder's type has no stable text", "'{{{0}}}' is of type '{1}', which cannot stand in a key: use a string, a number, an enum, a date, a Guid or an IFormattable");

    public static readonly DiagnosticDescriptor NotAnInterfaceMethod = Error(
        "KES007", "Caching is declared on interface methods", "'{0}' is no instance method of an interface: declare the attribute on the interface that AddCached registers");

    public static readonly DiagnosticDescriptor Generic = Error(
        "KES008", "A generic method or interface cannot be cached", "'{0}' is generic: its key would be the same for every type argument");

    public static readonly DiagnosticDescriptor Lifetime = Error(
        "KES009", "A lifetime is missing or out of range", "'{0}' {1}");

    public static readonly DiagnosticDescriptor BothAttributes = Error(
        "KES010", "A method is either cached or invalidates", "'{0}' has [CacheResult] and [CacheInvalidate]: a hit would invalidate nothing");

    public static readonly DiagnosticDescriptor NothingToInvalidate = Error(
        "KES011", "An invalidation names nothing", "[CacheInvalidate] on '{0}' names neither a key nor a tag");

    public static readonly DiagnosticDescriptor NotACachedType = Error(
        "KES012", "Sessions and quotas are no cached results", "'{0}' uses {1}, which is never a cached result: CacheService has methods for it");

    public static readonly DiagnosticDescriptor ReservedPrefix = Error(
        "KES013", "A key begins with a prefix that is taken", "The key \"{0}\" begins with the prefix of {1}: name the data type in the attribute and leave the prefix out, or choose another name");

    public static readonly DiagnosticDescriptor NotAccessible = Error(
        "KES014", "The interface cannot be seen", "'{0}' is private, protected or file-local: the generated class cannot implement it");

    public static readonly DiagnosticDescriptor NotImplementable = Error(
        "KES015", "The interface cannot be implemented", "'{0}' has a static abstract member '{1}', which a generated class cannot forward");

    public static readonly DiagnosticDescriptor NoOwnBeginning = Error(
        "KES016", "A key without a data type begins with a name of its own", "The key \"{0}\" begins with the value of '{1}', which could make it any other key: begin with a name, as in \"report:{{{1}}}\"");

    private static readonly Dictionary<string, DiagnosticDescriptor> All = new[]
    {
        UnknownPlaceholder, NoValue, ByReference, MalformedTemplate, ParameterNotInKey, NoStableText, NotAnInterfaceMethod, Generic, Lifetime,
        BothAttributes, NothingToInvalidate, NotACachedType, ReservedPrefix, NotAccessible, NotImplementable, NoOwnBeginning,
    }.ToDictionary(descriptor => descriptor.Id);

    public static DiagnosticDescriptor ById(string id) => All[id];

    private static DiagnosticDescriptor Error(string id, string title, string message)
        => new(id, title, message, "Kessan", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
