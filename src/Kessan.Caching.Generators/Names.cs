using Microsoft.CodeAnalysis;

namespace Kessan.Caching.Generators;

/// <summary>How types are told apart and written.</summary>
internal static class Names
{
    public const string CacheResult = "Kessan.Caching.CacheResultAttribute";
    public const string CacheInvalidate = "Kessan.Caching.CacheInvalidateAttribute";
    public const string CacheLookup = "Kessan.Caching.CacheLookup<T>";
    public const string NotInCacheKey = "Kessan.Caching.NotInCacheKeyAttribute";

    // In the order of the enum Kessan.Caching.Keys.CacheDataType.
    private static readonly string[] DataTypes =
        ["Other", "StockPrice", "FinancialData", "NewsData", "AiAnalysis", "UserSession", "ApiQuota", "MarketData", "StockSearch"];

    private static readonly string[] Prefixes =
        ["", "stock_price", "financial_data", "news_data", "ai_analysis", "user_session", "api_quota", "market_data", "stock_search"];

    private static readonly SymbolDisplayFormat Full = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    public static string Of(ITypeSymbol type) => type.ToDisplayString(Full);

    public static string Of(IParameterSymbol parameter) => Escape(parameter.Name);

    public static string Escape(string name)
        => Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(name) != Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? "@" + name : name;

    public static bool Is(ITypeSymbol? type, string metadataName)
        => type is INamedTypeSymbol && type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat) == metadataName;

    public static bool IsCancellationToken(ITypeSymbol type) => Is(type, "System.Threading.CancellationToken");

    public static string DataType(int value) => value >= 0 && value < DataTypes.Length ? "CacheDataType." + DataTypes[value] : $"(CacheDataType)({value})";

    /// <returns>Whose keys begin with this part: a data type's, or the cache's own; <see langword="null"/>: nobody's.</returns>
    public static string? OwnerOfPrefix(string part) => part switch
    {
        "kessan" or "hot_keys" => "the cache's own entries",
        _ => Array.IndexOf(Prefixes, part) is > 0 and var index ? DataTypes[index] : null,
    };
}
