using System.Buffers;
using System.Collections.Concurrent;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Serialization;

/// <summary>
/// Values to bytes and back, with the serializers that <c>AddHybridCache()</c> knows: a registered one first, then the factories, last added
/// first. If that ends at System.Text.Json, which cannot take the type, and MessagePack is registered, it is MessagePack.
/// </summary>
internal sealed class ValueSerializer
{
    private readonly IServiceProvider _services;
    private readonly IHybridCacheSerializerFactory[] _factories;
    private readonly SerializerFallback? _fallback;
    private readonly ConcurrentDictionary<Type, object> _formats = [];

    public ValueSerializer(IServiceProvider services, long maximumPayloadBytes)
    {
        _services = services;
        _factories = [.. services.GetServices<IHybridCacheSerializerFactory>().Reverse()];
        _fallback = services.GetService<SerializerFallback>();
        MaximumPayloadBytes = maximumPayloadBytes;
    }

    public long MaximumPayloadBytes { get; }

    /// <summary>A value's bytes, and what is to be said of them.</summary>
    /// <exception cref="PayloadTooLargeException">The value is over the limit.</exception>
    public (ReadOnlyMemory<byte> Payload, StoredEntryTraits Traits) Serialize<T>(T value)
    {
        if (value is null) return (default, StoredEntryTraits.Null);
        var format = FormatOf<T>();
        using var writer = new PayloadWriter(MaximumPayloadBytes);
        try
        {
            format.Writer.Serialize(value, writer);
            return (writer.ToArray(), format.WriterTraits);
        }
        catch (Exception failure) when (writer.Refused > 0)
        {
            throw new PayloadTooLargeException(writer.Refused, MaximumPayloadBytes, failure);
        }
    }

    /// <summary>The same for a value that a caller gave.</summary>
    /// <exception cref="ArgumentException">The value is over the limit.</exception>
    public (ReadOnlyMemory<byte> Payload, StoredEntryTraits Traits) SerializeArgument<T>(T value)
    {
        try
        {
            return Serialize(value);
        }
        catch (PayloadTooLargeException tooLarge)
        {
            throw new ArgumentException(tooLarge.Message, nameof(value), tooLarge);
        }
    }

    /// <summary>The value of an entry that is neither compressed nor a null.</summary>
    public T Deserialize<T>(StoredEntry plain) => ReaderOf<T>(plain).Deserialize(new ReadOnlySequence<byte>(plain.Payload));

    /// <summary>What reads such an entry.</summary>
    /// <exception cref="InvalidDataException">It needs the fallback, which is not there.</exception>
    public IHybridCacheSerializer<T> ReaderOf<T>(StoredEntry plain)
    {
        var format = FormatOf<T>();
        return (plain.Traits & StoredEntryTraits.MessagePack) == 0 ? format.Plain : format.Fallback ?? throw new InvalidDataException(
            $"The value is MessagePack: {typeof(T)} can be read with AddKessanCaching().AddMessagePackFallback().");
    }

    private ValueFormat<T> FormatOf<T>()
    {
        if (_formats.TryGetValue(typeof(T), out var known)) return (ValueFormat<T>)known;
        var plain = _services.GetService<IHybridCacheSerializer<T>>() ?? FromFactories<T>();
        var format = new ValueFormat<T>(plain, _fallback?.Create<T>(), isFallbackFirst: IsJson(plain) && _fallback?.IsWanted<T>() == true);
        return (ValueFormat<T>)_formats.GetOrAdd(typeof(T), format);
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

    /// <summary>Whether it is what <c>AddHybridCache()</c> brings along, and not of the application's choice.</summary>
    private static bool IsJson<T>(IHybridCacheSerializer<T> serializer) => serializer.GetType().Assembly == typeof(HybridCacheOptions).Assembly;

    /// <summary>How values of one type are written, and how what is there is read. Decided once.</summary>
    private sealed class ValueFormat<T>(IHybridCacheSerializer<T> plain, IHybridCacheSerializer<T>? fallback, bool isFallbackFirst)
    {
        public IHybridCacheSerializer<T> Plain => plain;

        public IHybridCacheSerializer<T>? Fallback => fallback;

        public IHybridCacheSerializer<T> Writer { get; } = isFallbackFirst ? fallback! : plain;

        public StoredEntryTraits WriterTraits { get; } = isFallbackFirst ? StoredEntryTraits.MessagePack : StoredEntryTraits.None;
    }
}
