using Kessan.Caching.Keys;

namespace Kessan.Caching;

/// <summary>
/// Removes entries after an interface method has changed something: one key, and every entry with one of the tags. Goes with
/// <see cref="CacheResultAttribute"/> and <c>services.AddCached&lt;TInterface, TImplementation&gt;()</c>.
/// </summary>
/// <remarks>
/// The method returns a <see cref="Task"/> or <see cref="ValueTask"/>, with or without a value. Entries are removed also when it failed or was
/// cancelled: it may have changed something, and a removal too many costs one miss.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CacheInvalidateAttribute : Attribute
{
    /// <summary>Removes by <see cref="Tags"/>, or by a <see cref="Key"/> without a data type.</summary>
    public CacheInvalidateAttribute()
    {
    }

    /// <summary>Removes a <see cref="Key"/> of a data type.</summary>
    /// <param name="dataType">The data type; its prefix is the first part of the key.</param>
    public CacheInvalidateAttribute(CacheDataType dataType) => DataType = dataType;

    /// <summary>The data type; <see cref="CacheDataType.Other"/> if there is none.</summary>
    public CacheDataType DataType { get; }

    /// <summary>The key to remove, a template as in <see cref="CacheResultAttribute.Key"/>.</summary>
    /// <value>Default: none.</value>
    public string? Key { get; set; }

    /// <summary>The tags to remove, templates such as <c>stock:{ticker}</c>.</summary>
    /// <value>Default: none.</value>
    public string[] Tags { get; set; } = [];
}
