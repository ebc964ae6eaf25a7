namespace Kessan.Caching.Redis.Keys;

/// <summary>How things are called in Redis.</summary>
/// <remarks>
/// <code>
/// entry        [prefix]key                       exactly as the key builder wrote it
/// lease        [prefix]kessan:lease:{T}:rest     in the slot of the entry
///                T = the entry's own hash tag, rest = the whole key       order:{7203}:x  -> kessan:lease:{7203}:order:{7203}:x
///                T = the whole key, rest empty, if it has no hash tag     stock_price:a   -> kessan:lease:{stock_price:a}:
///                T = a number that lies in the slot, rest = the whole key, if the key has no tag but a } (no other name fits)
/// quota        [prefix]kessan:quota:{T}:rest     the names of charges, beside their counter, in its slot; T and rest as above
/// tag          [prefix]kessan:tag:name           its generation, a decimal number
/// index        [prefix]kessan:index:name         the entries of a countable tag, a sorted set by expiry
/// channel      [prefix]kessan:messages[:db]      channels are not divided into databases, so the number is part of the name
/// </code>
/// </remarks>
internal sealed class RedisKeyNames(string prefix, int database = 0)
{
    /// <summary>What the store keeps for itself begins so; it is no entry.</summary>
    public const string Reserved = "kessan:";

    private const string LeasePart = "kessan:lease:{";
    private const string QuotaPart = "kessan:quota:{";
    private const string TagPart = "kessan:tag:";
    private const string IndexPart = "kessan:index:";

    public string Prefix => prefix;

    public string Channel { get; } = prefix + "kessan:messages" + (database == 0 ? "" : $":{database}");

    public string Entry(string key) => prefix.Length == 0 ? key : prefix + key;

    /// <summary>The name of the lease of an entry.</summary>
    /// <param name="entry">The entry's name in Redis, prefix included.</param>
    public string Lease(string entry) => Beside(entry, LeasePart);

    /// <summary>The name of what is remembered beside a quota's counter.</summary>
    /// <param name="counter">The counter's name in Redis, prefix included.</param>
    public string Quota(string counter) => Beside(counter, QuotaPart);

    public string Tag(string tag) => string.Concat(prefix, TagPart, tag);

    public string Index(string tag) => string.Concat(prefix, IndexPart, tag);

    /// <summary>The key of an entry's name, or <see langword="null"/> for a name that is none of ours or no entry.</summary>
    public string? KeyOf(string name)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var key = name[prefix.Length..];
        return key.StartsWith(Reserved, StringComparison.Ordinal) ? null : key;
    }

    public bool IsLease(string name) => name.StartsWith(prefix + LeasePart, StringComparison.Ordinal);

    public bool IsTag(string name) => name.StartsWith(prefix + TagPart, StringComparison.Ordinal);

    public bool IsIndex(string name) => name.StartsWith(prefix + IndexPart, StringComparison.Ordinal);

    private string Beside(string entry, string part)
    {
        if (HashSlot.TryGetTag(entry, out var tag)) return string.Concat(prefix, part, tag, string.Concat("}:", entry));
        if (!entry.Contains('}')) return string.Concat(prefix, part, entry, "}:");
        return string.Concat(prefix, part, HashSlot.TagFor(HashSlot.Of(entry)), string.Concat("}:", entry));
    }
}
