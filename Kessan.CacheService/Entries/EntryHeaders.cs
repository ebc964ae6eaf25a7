using System.Globalization;
using System.Text;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>The header fields that describe an entry: freshness (RFC 9111), the cache's part (RFC 9211), groups (RFC 9875).</summary>
internal static class EntryHeaders
{
    private static Control? _lastControl; // the entries of a data type have the same

    public static void Write(IHeaderDictionary headers, in CacheLookup<StoredEntry> lookup)
    {
        var entry = lookup.Value!;

        // Whole seconds, rounded so that max-age - Age is the time left that Cache-Status tells.
        var maximumAge = (long)entry.Lifetime.TotalSeconds;
        var left = (long)Math.Floor(lookup.TimeLeft.TotalSeconds);
        headers.Age = Math.Max(0, maximumAge - left).ToString(CultureInfo.InvariantCulture);
        headers.CacheControl = FormatControl(maximumAge, (long)entry.StaleWindow.TotalSeconds);
        headers["Cache-Status"] = CacheStatus.Format(lookup);
        headers.Vary = "Accept";
        if (lookup.Version > 0) headers.ETag = EntityTags.Of(lookup.Version);
        if (lookup.Tags.Count > 0 && FormatGroups(lookup.Tags) is { Length: > 0 } groups) headers["Cache-Groups"] = groups;
    }

    private static string FormatControl(long maximumAge, long staleWindow)
    {
        if (_lastControl is { } last && last.MaximumAge == maximumAge && last.StaleWindow == staleWindow) return last.Text;
        var text = staleWindow > 0
            ? string.Create(CultureInfo.InvariantCulture, $"private, max-age={maximumAge}, stale-if-error={staleWindow}")
            : string.Create(CultureInfo.InvariantCulture, $"private, max-age={maximumAge}");
        _lastControl = new Control(maximumAge, staleWindow, text);
        return text;
    }

    /// <summary>A list of structured strings (RFC 9651); a tag that is not ASCII cannot stand in it and is left out.</summary>
    public static string FormatGroups(IReadOnlyList<string> tags)
    {
        if (tags is [var only] && IsPlain(only)) return $"\"{only}\"";
        var text = new StringBuilder();
        foreach (var tag in tags)
        {
            if (tag.AsSpan().ContainsAnyExceptInRange(' ', '~')) continue;
            if (text.Length > 0) text.Append(", ");
            text.Append('"');
            foreach (var character in tag)
            {
                if (character is '"' or '\\') text.Append('\\');
                text.Append(character);
            }

            text.Append('"');
        }

        return text.ToString();
    }

    private static bool IsPlain(ReadOnlySpan<char> tag) => !tag.ContainsAnyExceptInRange(' ', '~') && !tag.ContainsAny('"', '\\');

    private sealed record Control(long MaximumAge, long StaleWindow, string Text);
}
