namespace Kessan.Caching.Tags;

/// <summary>What a tag may be.</summary>
internal static class TagRules
{
    /// <summary>A tag of an entry: not blank, and not the wildcard, which every entry carries.</summary>
    public static void CheckEntryTag(string? tag)
    {
        if (tag == TagTable.Wildcard) throw new ArgumentException("The tag \"*\" stands for all entries and cannot be given to one.", nameof(tag));
        CheckTag(tag);
    }

    /// <summary>A tag to be invalidated.</summary>
    public static void CheckTag(string? tag)
    {
        if (string.IsNullOrWhiteSpace(tag)) throw new ArgumentException("A tag must not be blank.", nameof(tag));
        if (tag.Length > 10_000) throw new ArgumentException($"A tag has at most 10,000 characters, not {tag.Length}.", nameof(tag));
    }
}
