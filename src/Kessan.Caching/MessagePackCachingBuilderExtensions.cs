using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Kessan.Caching.Serialization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers MessagePack for values that JSON cannot take.</summary>
public static class MessagePackCachingBuilderExtensions
{
    /// <summary>
    /// Writes values of types that System.Text.Json cannot take (dictionaries with composite keys, arrays of several dimensions, …) as
    /// MessagePack: contractless, typed, with the limits for untrusted data. Decided once per type, from the type alone. All other types, and
    /// all that have a serializer of the application's choice, stay as they are. Every node that reads such values needs this call;
    /// to one without it they are misses. Safe to call twice.
    /// </summary>
    /// <param name="builder">What <c>AddKessanCaching()</c> returned.</param>
    /// <exception cref="PlatformNotSupportedException">The program cannot make code at run time (Native AOT).</exception>
    [RequiresDynamicCode(MessagePackFallback.NeedsDynamicCode)]
    [RequiresUnreferencedCode(MessagePackFallback.NeedsDynamicCode)]
    public static KessanCachingBuilder AddMessagePackFallback(this KessanCachingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!RuntimeFeature.IsDynamicCodeSupported) throw new PlatformNotSupportedException(MessagePackFallback.NeedsDynamicCode);
        builder.Services.TryAddSingleton<SerializerFallback>(static services => new MessagePackFallback(services));
        return builder;
    }
}
