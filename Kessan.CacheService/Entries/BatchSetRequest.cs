using System.Text.Json;

namespace Kessan.CacheHost.Entries;

/// <summary>Entries to write.</summary>
/// <param name="Entries">The entries by key.</param>
internal sealed record BatchSetRequest(IReadOnlyDictionary<string, BatchSetItem> Entries);

/// <summary>One entry to write.</summary>
/// <param name="Value">A JSON value, or with <paramref name="Encoding"/> a string.</param>
/// <param name="Encoding"><c>base64</c> if the value is bytes.</param>
/// <param name="ContentType">The media type; by default that of JSON, or of bytes.</param>
/// <param name="Ttl">The lifetime in seconds.</param>
/// <param name="Type">The data type whose lifetime it gets when there is no <paramref name="Ttl"/>.</param>
/// <param name="Tags">The tags.</param>
internal sealed record BatchSetItem(
    JsonElement Value,
    string? Encoding = null,
    string? ContentType = null,
    double? Ttl = null,
    string? Type = null,
    IReadOnlyList<string>? Tags = null);
