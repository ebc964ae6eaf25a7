using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Serialization;

/// <summary>Serializers for the types of one context, without reflection. Safe for concurrent use.</summary>
internal sealed class JsonContextSerializerFactory(JsonSerializerContext context) : IHybridCacheSerializerFactory
{
    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = context.GetTypeInfo(typeof(T)) is JsonTypeInfo<T> contract ? new Serializer<T>(contract) : null;
        return serializer is not null;
    }

    private sealed class Serializer<T>(JsonTypeInfo<T> contract) : IHybridCacheSerializer<T>
    {
        public T Deserialize(ReadOnlySequence<byte> source)
        {
            var reader = new Utf8JsonReader(source, new JsonReaderOptions
            {
                MaxDepth = contract.Options.MaxDepth,
                AllowTrailingCommas = contract.Options.AllowTrailingCommas,
                CommentHandling = contract.Options.ReadCommentHandling,
            });
            return JsonSerializer.Deserialize(ref reader, contract)!;
        }

        public void Serialize(T value, IBufferWriter<byte> target)
        {
            using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = contract.Options.Encoder, MaxDepth = contract.Options.MaxDepth });
            JsonSerializer.Serialize(writer, value, contract);
        }
    }
}
