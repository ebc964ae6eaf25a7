namespace Kessan.MarketApi.News;

/// <summary>The categories of news: a closed set, as they stand in keys.</summary>
internal static class NewsCategory
{
    /// <summary>Every category.</summary>
    public const string Any = "all";

    public const string Earnings = "earnings";
    public const string Disclosure = "disclosure";
    public const string Business = "business";
    public const string Market = "market";

    /// <summary>The categories that an item can have.</summary>
    public static IReadOnlyList<string> All { get; } = [Earnings, Disclosure, Business, Market];

    /// <summary>A category as it is written here; <see langword="null"/> if there is none of that name. No name is <see cref="Any"/>.</summary>
    public static string? Find(string? name) => string.IsNullOrEmpty(name) || name.Equals(Any, StringComparison.OrdinalIgnoreCase)
        ? Any
        : All.FirstOrDefault(category => category.Equals(name, StringComparison.OrdinalIgnoreCase));
}
