using System.Collections.Immutable;
using System.Globalization;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Stocks;

/// <summary>Finds stocks by the beginning of their code or by a part of a name, in either language and width.</summary>
internal static class StockSearch
{
    /// <summary>How many stocks an answer holds at most.</summary>
    public const int MaximumMatches = 50;

    /// <summary>The longest query.</summary>
    public const int MaximumQueryLength = 64;

    private const CompareOptions LooseText =
        CompareOptions.IgnoreCase | CompareOptions.IgnoreWidth | CompareOptions.IgnoreKanaType | CompareOptions.IgnoreNonSpace;

    /// <summary>A query as it stands in keys: queries that find the same are asked once.</summary>
    public static string Normalize(string? query) =>
        string.Join(' ', (query ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    /// <summary>The stocks that match a query; an empty one matches all.</summary>
    public static StockMatches Find(ImmutableArray<Stock> stocks, string query)
    {
        var code = StockCode.TryParse(query, out var parsed) ? parsed.Value : query;
        var matches = stocks.Where(stock => Matches(stock, query, code)).ToList();
        return new StockMatches(query, matches.Count, [.. matches.Take(MaximumMatches)]);
    }

    private static bool Matches(Stock stock, string query, string code) =>
        query.Length == 0
        || stock.Ticker.StartsWith(code, StringComparison.OrdinalIgnoreCase)
        || Contains(stock.Name, query)
        || Contains(stock.NameJapanese, query);

    private static bool Contains(string name, string query) =>
        CultureInfo.InvariantCulture.CompareInfo.IndexOf(name, query, LooseText) >= 0;
}
