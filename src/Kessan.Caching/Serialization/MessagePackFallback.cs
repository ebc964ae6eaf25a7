using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Serialization;

/// <summary>
/// MessagePack for what JSON cannot take: contractless (public members by name), typed (no type names in the data), and with the security
/// settings for untrusted data.
/// </summary>
[RequiresDynamicCode(NeedsDynamicCode)]
[RequiresUnreferencedCode(NeedsDynamicCode)]
internal sealed class MessagePackFallback(IServiceProvider services) : SerializerFallback
{
    public const string NeedsDynamicCode =
        "MessagePack makes its formatters at run time, which Native AOT and trimmed programs lack: register an IHybridCacheSerializer<T> "
        + "for the types that System.Text.Json cannot take.";

    private static readonly MessagePackSerializerOptions Options =
        ContractlessStandardResolver.Options.WithSecurity(TupleKeySecurity.Instance);

    public override bool IsWanted<T>()
    {
        var json = JsonOptionsOf<T>();
        return !JsonSupport.Takes(typeof(T), json) && JsonSupport.CompositeKeys(typeof(T), json).All(TupleKeySecurity.IsSafe) && HasFormatter<T>();
    }

    public override IHybridCacheSerializer<T> Create<T>() => new Serializer<T>(Options);

    private static bool HasFormatter<T>()
    {
        try
        {
            return Options.Resolver.GetFormatter<T>() is not null;
        }
        catch (Exception failure) when (failure is MessagePackSerializationException or TypeInitializationException or NotSupportedException)
        {
            return false; // neither takes it: the error of the first choice is the one to show
        }
    }

    // The options that Microsoft's serializer uses: the type's own, else the application's, else the default ones.
    private JsonSerializerOptions JsonOptionsOf<T>() => services.GetKeyedService<JsonSerializerOptions>(typeof(IHybridCacheSerializer<T>))
        ?? services.GetKeyedService<JsonSerializerOptions>(typeof(IHybridCacheSerializer<>))
        ?? JsonSerializerOptions.Default;

    private sealed class Serializer<T>(MessagePackSerializerOptions options) : IHybridCacheSerializer<T>
    {
        public T Deserialize(ReadOnlySequence<byte> source) => MessagePackSerializer.Deserialize<T>(source, options);

        public void Serialize(T value, IBufferWriter<byte> target) => MessagePackSerializer.Serialize(target, value, options);
    }
}
