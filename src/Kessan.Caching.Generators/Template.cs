namespace Kessan.Caching.Generators;

/// <summary>
/// A template such as <c>{ticker}:{kind}</c>: parts between colons, each literal text with at most one placeholder. With two in one part
/// <c>a-b</c> and <c>c</c> would give the key of <c>a</c> and <c>b-c</c>.
/// </summary>
internal sealed class Template
{
    private Template(List<TemplatePart> parts) => Parts = parts;

    public IReadOnlyList<TemplatePart> Parts { get; }

    public IEnumerable<string> Placeholders => Parts.Where(part => part.Placeholder is not null).Select(part => part.Placeholder!);

    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? TryParse(string text, out Template? template)
    {
        template = null;
        if (text.Length == 0) return "it is empty";

        var parts = new List<TemplatePart>();
        foreach (var part in text.Split(':'))
        {
            if (ParsePart(part, parts) is { } problem) return problem;
        }

        template = new Template(parts);
        return null;
    }

    private static string? ParsePart(string part, List<TemplatePart> parts)
    {
        if (part.Length == 0) return "a part between two colons is empty";

        var (open, close) = (part.IndexOf('{'), part.IndexOf('}'));
        if (open < 0 && close < 0)
        {
            parts.Add(new(part, null, ""));
            return Literal(part);
        }

        if (open < 0 || close < open) return "its braces do not match";
        var (before, name, after) = (part.Substring(0, open), part.Substring(open + 1, close - open - 1).Trim(), part.Substring(close + 1));
        if (after.IndexOf('{') >= 0 && after.IndexOf('}') >= 0)
            return $"the part \"{part}\" has two placeholders, so that different values could give one key; put a colon between them";
        if (name.Length == 0 || name.IndexOf('{') >= 0 || after.IndexOfAny(['{', '}']) >= 0) return "its braces do not match";

        parts.Add(new(before, name, after));
        return Literal(before) ?? Literal(after);
    }

    private static string? Literal(string text)
    {
        foreach (var character in text)
        {
            if (character is not ((>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '~' or '@' or '-'))
                return $"'{character}' cannot stand in it; letters, digits and . _ ~ @ - can";
        }

        return null;
    }
}
