using System.Net;
using System.Text.RegularExpressions;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>Turns what a feed calls text into plain text.</summary>
internal static partial class FeedText
{
    // Enough for every real summary; beyond it only a hostile feed goes, and the work on it must stay small.
    private const int MaximumMarkup = 8000;

    /// <summary>The text without tags, entities and runs of white space, at most <paramref name="maximum"/> characters.</summary>
    public static string Plain(string? markup, int maximum)
    {
        if (string.IsNullOrWhiteSpace(markup))
            return "";

        var text = WebUtility.HtmlDecode(Tag().Replace(Cut(markup, MaximumMarkup), " "));
        return Cut(Space().Replace(text, " ").Trim(), maximum);
    }

    private static string Cut(string text, int maximum)
    {
        if (text.Length <= maximum)
            return text;
        return char.IsHighSurrogate(text[maximum - 1]) ? text[..(maximum - 1)] : text[..maximum];
    }

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Space();
}
