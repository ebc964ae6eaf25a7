using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kessan.Caching.Keys;

/// <summary>
/// Writes the keys of all data types: <c>{data_type}:{entity_id}:{additional_params}</c>, at most 512 characters, with an optional last
/// part <c>v{n}</c>.
/// </summary>
/// <remarks>
/// <para>
/// A part stands as it is if it consists of <c>[A-Za-z0-9._~@-]</c>; every other character is percent-encoded (UTF-8, upper-case hex), so
/// a part cannot bring a <c>:</c>, <c>*</c>, <c>{</c> or control character into a key, and two different lists of parts never make one key. A
/// last part that looks like a key version (<c>v2</c>) is written <c>%762</c> for the same reason.
/// </para>
/// <para>Immutable and safe for concurrent use. Every method throws <see cref="ArgumentException"/> for a part that is empty or no valid
/// UTF-16, and for a key that would be too long.</para>
/// </remarks>
public sealed class CacheKeyBuilder
{
    /// <summary>The most characters that a key may have.</summary>
    public const int MaximumLength = 512;

    /// <summary>The highest key version.</summary>
    public const int MaximumVersion = 999_999;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int[] _versions = new int[Enum.GetValues<CacheDataType>().Length];

    /// <summary>Makes a builder.</summary>
    /// <param name="versions">
    /// The key version of some data types, 1 to 999,999; 0, and a type that is not named: keys without a version.
    /// </param>
    /// <exception cref="ArgumentException">A version out of range, or one for <see cref="CacheDataType.Other"/>.</exception>
    public CacheKeyBuilder(IReadOnlyDictionary<CacheDataType, int>? versions = null)
    {
        foreach (var (type, version) in versions ?? new Dictionary<CacheDataType, int>())
        {
            if (type == CacheDataType.Other || !Enum.IsDefined(type))
                throw new ArgumentException($"Keys of the data type {type} have no version.", nameof(versions));
            if (version is < 0 or > MaximumVersion)
                throw new ArgumentException($"The key version of {type} is {version}; it must be 0 to {MaximumVersion}.", nameof(versions));
            _versions[(int)type] = version;
        }
    }

    /// <summary>The builder without key versions.</summary>
    public static CacheKeyBuilder Default { get; } = new();

    /// <summary><c>stock_price:{ticker}:latest</c>.</summary>
    public string StockPrice(string ticker) => Build(CacheDataType.StockPrice, ticker, "latest");

    /// <summary><c>stock_price:{ticker}:{yyyy-MM-dd}</c>.</summary>
    public string StockPrice(string ticker, DateOnly date)
        => Build(CacheDataType.StockPrice, ticker, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary><c>financial_data:{ticker}:{kind}:{period}</c>, as in <c>financial_data:7203:quarterly:Q3</c>.</summary>
    public string FinancialData(string ticker, string kind, string period) => Build(CacheDataType.FinancialData, ticker, kind, period);

    /// <summary><c>news_data:{ticker}:{category}</c>.</summary>
    public string NewsData(string ticker, string category) => Build(CacheDataType.NewsData, ticker, category);

    /// <summary><c>ai_analysis:{ticker}:{kind}</c>, as in <c>ai_analysis:7203:short_term</c>.</summary>
    public string AiAnalysis(string ticker, string kind) => Build(CacheDataType.AiAnalysis, ticker, kind);

    /// <summary><c>user_session:{user}</c>.</summary>
    public string UserSession(string user) => Build(CacheDataType.UserSession, user);

    /// <summary><c>api_quota:{user}:{window}</c>; windows are <c>minute</c>, <c>hourly</c> and <c>daily</c>.</summary>
    public string ApiQuota(string user, string window) => Build(CacheDataType.ApiQuota, user, window);

    /// <summary><c>market_data:{index}</c>.</summary>
    public string MarketData(string index) => Build(CacheDataType.MarketData, index);

    /// <summary><c>stock_search:{hash}</c>: the lower-case hex SHA-256 of the query's UTF-8, the same in every process and language.</summary>
    /// <param name="query">The query, any length; it is not normalised.</param>
    public string StockSearch(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Build(CacheDataType.StockSearch, Convert.ToHexStringLower(SHA256.HashData(StrictUtf8.GetBytes(query))));
    }

    /// <summary><c>{data_type}:{entity_id}:{additional_params}</c>, the form that all others have.</summary>
    /// <param name="type">The data type; not <see cref="CacheDataType.Other"/>.</param>
    /// <param name="entityId">What the entry is about.</param>
    /// <param name="parts">What else tells it from others, each a part of its own.</param>
    public string Build(CacheDataType type, string entityId, params ReadOnlySpan<string> parts)
    {
        if (type == CacheDataType.Other) throw new ArgumentOutOfRangeException(nameof(type), type, "A key begins with a data type.");

        var writer = new KeyWriter(stackalloc char[MaximumLength]);
        writer.AppendRaw(CacheKeys.PrefixOf(type));
        writer.AppendPart(entityId, nameof(entityId), isLast: false);
        for (var i = 0; i < parts.Length; i++) writer.AppendPart(parts[i], nameof(parts), isLast: i == parts.Length - 1);
        if (_versions[(int)type] is > 0 and var version) writer.AppendRaw(string.Create(CultureInfo.InvariantCulture, $":v{version}"));
        return writer.ToString();
    }
}
