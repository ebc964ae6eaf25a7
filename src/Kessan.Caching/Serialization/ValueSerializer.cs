using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Serialization;

/// <summary>Values to bytes and back, with the serializers that <c>AddHybridCache()</c> knows: a registered one first, then the factories, last added first.</summary>
internal sealed class ValueSerializer
{
    private readonly IServiceProvider _services;
    private readonly IHybridCacheSerializerFactory[] _factories;
    private readonly ConcurrentDictionary<Type, object> _serializers = [];

    public ValueSerializer(IServiceProvider services, long maximumPayloadBytes)
    {
        _services = services;
        _factories = [.. services.GetServices<IHybridCacheSerializerFactory>().Reverse()];
        MaximumPayloadBytes = maximumPayloadBytes;
    }

    public long MaximumPayloadBytes { get; }

    /// <exception cref="PayloadTooLargeException">The value is over the limit.</exception>
    public byte[] Serialize<T>(T value)
    {
        using var writer = new PayloadWriter(MaximumPayloadBytes);
        try
        {
            For<T>().Serialize(value, writer);
            return writer.ToArray();
        }
        catch (Exception failure) when (writer.Refused > 0)
        {
            throw new PayloadTooLargeException(writer.Refused, MaximumPayloadBytes, failure);
        }
    }

    public T Deserialize<T>(ReadOnlyMemory<byte> payload) => For<T>().Deserialize(new ReadOnlySequence<byte>(payload));

    public IHybridCacheSerializer<T> For<T>()
    {
        if (_serializers.TryGetValue(typeof(T), out var known)) return (IHybridCacheSerializer<T>)known;
        var serializer = _services.GetService<IHybridCacheSerializer<T>>() ?? FromFactories<T>();
        _serializers[typeof(T)] = serializer;
        return serializer;
    }

    private IHybridCacheSerializer<T> FromFactories<T>()
    {
        foreach (var factory in _factories)
        {
            if (factory.TryCreateSerializer<T>(out var serializer)) return serializer;
        }

        throw new InvalidOperationException(
            $"There is no IHybridCacheSerializer for {typeof(T)}: register one with AddHybridCache().AddSerializer() or a factory that takes it.");
    }
}
