using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Tests.Conformance;

/// <summary>A mutable value: each caller gets its own copy.</summary>
public sealed class Basket
{
    public List<int> Items { get; set; } = [];
}

/// <summary>Counts how often it is used.</summary>
internal sealed class BasketSerializer : IHybridCacheSerializer<Basket>
{
    public int Reads { get; private set; }

    public int Writes { get; private set; }

    public Basket Deserialize(ReadOnlySequence<byte> source)
    {
        Reads++;
        return JsonSerializer.Deserialize<Basket>(source.ToArray())!;
    }

    public void Serialize(Basket value, IBufferWriter<byte> target)
    {
        Writes++;
        target.Write(JsonSerializer.SerializeToUtf8Bytes(value));
    }
}

/// <summary>Notes when it is asked.</summary>
internal sealed class BasketSerializerFactory(bool takes, string name, List<string> asked) : IHybridCacheSerializerFactory
{
    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = takes && typeof(T) == typeof(Basket) ? (IHybridCacheSerializer<T>)(object)new BasketSerializer() : null;
        if (typeof(T) == typeof(Basket)) asked.Add(name);
        return serializer is not null;
    }
}
