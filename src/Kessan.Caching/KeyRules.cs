namespace Kessan.Caching;

/// <summary>What the engine takes for a key: anything that a store can hold unambiguously.</summary>
internal static class KeyRules
{
    /// <exception cref="ArgumentException">The key is blank, too long, or has a control character or half a surrogate pair; the message names the limit.</exception>
    public static void Check(string key, int maximumLength)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (string.IsNullOrWhiteSpace(key)) throw new ArgumentException("A key must not be blank.", nameof(key));
        if (key.Length > maximumLength)
        {
            throw new ArgumentException($"A key has at most {maximumLength} characters (MaximumKeyLength), not {key.Length}.", nameof(key));
        }

        if (key.AsSpan().IndexOfAnyInRange('\0', '\u001f') is >= 0 and var at)
        {
            throw new ArgumentException($"A key must not contain control characters; there is U+{(int)key[at]:X4} at position {at}.", nameof(key));
        }

        if (!IsWellFormed(key)) throw new ArgumentException("A key must be well-formed UTF-16: it contains half a surrogate pair.", nameof(key));
    }

    /// <summary>Whether <see cref="Check"/> has nothing against a key.</summary>
    public static bool IsValid(string key, int maximumLength) => !string.IsNullOrWhiteSpace(key) && key.Length <= maximumLength
        && key.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && IsWellFormed(key);

    private static bool IsWellFormed(string key)
    {
        if (key.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return true;
        for (var i = 0; i < key.Length; i++)
        {
            if (!char.IsSurrogate(key[i])) continue;
            if (i + 1 >= key.Length || !char.IsSurrogatePair(key[i], key[i + 1])) return false;
            i++;
        }

        return true;
    }
}
