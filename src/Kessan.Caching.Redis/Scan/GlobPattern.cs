using System.Text;

namespace Kessan.Caching.Redis.Scan;

/// <summary>Our patterns know <c>*</c> and <c>?</c>; Redis knows more, so the rest is escaped.</summary>
internal static class GlobPattern
{
    public static string ToRedis(string pattern, string prefix)
    {
        var text = new StringBuilder(prefix.Length + pattern.Length + 8);
        AppendLiteral(text, prefix, "*?[\\");
        AppendLiteral(text, pattern, "[\\");
        return text.ToString();
    }

    private static void AppendLiteral(StringBuilder text, string literal, string special)
    {
        foreach (var character in literal)
        {
            if (special.Contains(character)) text.Append('\\');
            text.Append(character);
        }
    }
}
