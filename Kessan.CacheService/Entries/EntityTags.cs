using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Kessan.CacheHost.Entries;

/// <summary>Strong entity tags, made of the store's version: <c>"1732300000000000"</c>.</summary>
internal static class EntityTags
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, stackalloc char[32], $"\"{version}\"");

    /// <summary>Whether <c>If-None-Match</c> names the version (weak comparison, RFC 9110 section 13.1.2).</summary>
    public static bool Matches(StringValues ifNoneMatch, long version)
    {
        if (ifNoneMatch.Count == 0) return false;
        if (ifNoneMatch == "*") return true;
        if (version == 0) return false;

        var tag = Of(version);
        foreach (var line in ifNoneMatch)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var candidate = line.AsSpan(range).Trim();
                if (candidate.StartsWith("W/")) candidate = candidate[2..];
                if (candidate.SequenceEqual(tag)) return true;
            }
        }

        return false;
    }

    /// <summary>The version that <c>If-Match</c> names. One that we never gave out is a version that nothing has.</summary>
    /// <returns><see langword="false"/>: not one strong entity tag.</returns>
    public static bool TryParse(StringValues ifMatch, out long version)
    {
        version = 0;
        if (ifMatch is not [{ Length: >= 2 } tag] || tag[0] != '"' || tag[^1] != '"') return false;
        if (tag.AsSpan(1, tag.Length - 2).Contains('"')) return false;
        if (!long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out version)) version = -1;
        return true;
    }
}
