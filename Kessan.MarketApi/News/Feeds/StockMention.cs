using System.Globalization;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>Whether a piece of news is about a stock: it says the code or one of the names.</summary>
internal static class StockMention
{
    private const CompareOptions LooseText = CompareOptions.IgnoreCase | CompareOptions.IgnoreWidth | CompareOptions.IgnoreKanaType;

    public static bool IsIn(NewsItem item, Stock stock) => IsIn(item.Title, stock) || IsIn(item.Summary, stock);

    private static bool IsIn(string text, Stock stock) =>
        Says(text, stock.Ticker) || Says(text, stock.Name) || Says(text, stock.NameJapanese);

    private static bool Says(string text, string word)
    {
        var compare = CultureInfo.InvariantCulture.CompareInfo;
        for (var start = 0; start < text.Length;)
        {
            var index = compare.IndexOf(text.AsSpan(start), word, LooseText, out var length);
            if (index < 0)
                return false;
            index += start;
            // "NTT" is not in "ANTTI", nor 7203 in 172030; Japanese has no spaces between words.
            if (!Continues(text, index - 1, index) && !Continues(text, index + length - 1, index + length))
                return true;
            start = index + 1;
        }
        return false;
    }

    private static bool Continues(string text, int left, int right) =>
        left >= 0 && right < text.Length && char.IsAsciiLetterOrDigit(text[left]) && char.IsAsciiLetterOrDigit(text[right]);
}
