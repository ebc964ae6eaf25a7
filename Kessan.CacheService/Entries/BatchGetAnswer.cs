using System.Text.Json;

namespace Kessan.CacheHost.Entries;

/// <summary>Many entries, as <see cref="BatchGetResult"/> writes them; for the description.</summary>
/// <param name="Entries">The entries that there are, by key.</param>
/// <param name="Missing">The keys of those that there are not.</param>
internal sealed record BatchGetAnswer(IReadOnlyDictionary<string, BatchGetItem> Entries, IReadOnlyList<string> Missing);

/// <summary>One of them.</summary>
/// <param name="Value">A JSON value, or with <paramref name="Encoding"/> a string.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Ttl">Fresh seconds left; negative when it is stale.</param>
/// <param name="Age">Seconds since the value was made.</param>
/// <param name="Stale">Whether its fresh life is over.</param>
/// <param name="Tags">The tags.</param>
/// <param name="Layer"><c>l1</c> or <c>l2</c>.</param>
/// <param name="Encoding"><c>base64</c> if the value is bytes.</param>
/// <param name="Etag">The entity tag.</param>
internal sealed record BatchGetItem(
    JsonElement Value,
    string ContentType,
    double Ttl,
    double Age,
    bool Stale,
    IReadOnlyList<string> Tags,
    string Layer,
    string? Encoding = null,
    string? Etag = null);
