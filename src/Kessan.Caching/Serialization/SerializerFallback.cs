using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Serialization;

/// <summary>
/// A format for types that System.Text.Json cannot take. Abstract, so that a program which registers none contains none: trimmed and Native
/// AOT programs lack what it needs.
/// </summary>
internal abstract class SerializerFallback
{
    /// <summary>Whether values of a type are to be written in this format.</summary>
    public abstract bool IsWanted<T>();

    /// <summary>Reads and writes a type.</summary>
    public abstract IHybridCacheSerializer<T> Create<T>();
}
