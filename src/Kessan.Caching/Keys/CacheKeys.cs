using System.Buffers;

namespace Kessan.Caching.Keys;

/// <summary>Reads what a key says. Every member takes any key and never throws for what it contains.</summary>
/// <remarks>Static and safe for concurrent use. Comparisons are ordinal and case-sensitive, as Redis compares.</remarks>
public static class CacheKeys
{
    /// <summary>How the tag of a stock begins.</summary>
    public const string StockTagPrefix = "stock:";

    // One slot per hash, overwritten by the next comer: bounded, without locks, and a flood of invented tickers cannot keep the real
    // ones out. About 4,000 stocks are listed in Tokyo.
    private static readonly string?[] StockTags = new string?[8192];

    /// <summary>The data type that a key's prefix names. Allocates nothing.</summary>
    /// <returns><see cref="CacheDataType.Other"/> for a key that begins with none of our prefixes followed by a colon.</returns>
    public static CacheDataType DataTypeOf(ReadOnlySpan<char> key)
    {
        var colon = key.IndexOf(':');
        return colon < 0 ? CacheDataType.Other : key[..colon] switch
        {
            "stock_price" => CacheDataType.StockPrice,
            "financial_data" => CacheDataType.FinancialData,
            "news_data" => CacheDataType.NewsData,
            "ai_analysis" => CacheDataType.AiAnalysis,
            "user_session" => CacheDataType.UserSession,
            "api_quota" => CacheDataType.ApiQuota,
            "market_data" => CacheDataType.MarketData,
            "stock_search" => CacheDataType.StockSearch,
            _ => CacheDataType.Other,
        };
    }

    /// <summary>The first part of the keys of a data type, without the colon; also the name of the type in metrics and in JSON.</summary>
    /// <returns><c>other</c> for <see cref="CacheDataType.Other"/>, which is a name only: no key needs to begin with it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such data type.</exception>
    public static string PrefixOf(CacheDataType type) => type switch
    {
        CacheDataType.Other => "other",
        CacheDataType.StockPrice => "stock_price",
        CacheDataType.FinancialData => "financial_data",
        CacheDataType.NewsData => "news_data",
        CacheDataType.AiAnalysis => "ai_analysis",
        CacheDataType.UserSession => "user_session",
        CacheDataType.ApiQuota => "api_quota",
        CacheDataType.MarketData => "market_data",
        CacheDataType.StockSearch => "stock_search",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such data type."),
    };

    /// <summary>
    /// The tag <c>stock:{ticker}</c> of an entry about a stock (price, financials, news, analysis), derived from its key, so that an
    /// entry put by raw key has it too.
    /// </summary>
    /// <returns><see langword="null"/> for a key that is not about a stock. The same string again for a ticker seen lately.</returns>
    public static string? TagOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (DataTypeOf(key) is not (CacheDataType.StockPrice or CacheDataType.FinancialData or CacheDataType.NewsData or CacheDataType.AiAnalysis))
            return null;

        var ticker = PartOf(key, 1);
        return ticker.IsEmpty ? null : TagOfTicker(ticker);
    }

    /// <summary>The tag of a stock's entries: <c>stock:{ticker}</c>, the ticker encoded as in keys.</summary>
    /// <exception cref="ArgumentException">The ticker is empty or no valid UTF-16.</exception>
    public static string StockTag(string ticker)
    {
        ArgumentException.ThrowIfNullOrEmpty(ticker);
        if (KeyPart.IsPlain(ticker)) return TagOfTicker(ticker);

        var buffer = new char[ticker.Length * 9];
        return KeyPart.Encode(ticker, buffer, out var written) == OperationStatus.Done
            ? TagOfTicker(buffer.AsSpan(0, written))
            : throw new ArgumentException($"The ticker ({ticker.Length} characters) is not valid UTF-16.", nameof(ticker));
    }

    /// <summary>One part of a key, as it stands there (encoded); empty if the key has fewer parts.</summary>
    internal static ReadOnlySpan<char> PartOf(ReadOnlySpan<char> key, int index)
    {
        for (; index > 0; index--)
        {
            var colon = key.IndexOf(':');
            if (colon < 0) return [];
            key = key[(colon + 1)..];
        }

        var end = key.IndexOf(':');
        return end < 0 ? key : key[..end];
    }

    private static string TagOfTicker(ReadOnlySpan<char> ticker)
    {
        ref var slot = ref StockTags[string.GetHashCode(ticker) & (StockTags.Length - 1)];
        var known = Volatile.Read(ref slot);
        if (known is not null && known.AsSpan(StockTagPrefix.Length).SequenceEqual(ticker)) return known;

        var tag = StockTagPrefix + KeyPart.Canonical(ticker);
        if (tag.Length <= 128) Volatile.Write(ref slot, tag);
        return tag;
    }
}
