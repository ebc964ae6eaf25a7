using System.ComponentModel.DataAnnotations;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>One RSS or Atom feed.</summary>
internal sealed class FeedOptions : IValidatableObject
{
    /// <summary>What stands in an address for a stock's code: such a feed is about that stock alone.</summary>
    public const string TickerPlaceholder = "{ticker}";

    /// <summary>The address; with <c>{ticker}</c> in it, one feed for each stock. Others are searched for the stock's code and names.</summary>
    [Required]
    public string Url { get; set; } = "";

    /// <summary>The category of its items.</summary>
    /// <value>One of <see cref="NewsCategory.All"/>. Default: <c>business</c>.</value>
    public string Category { get; set; } = NewsCategory.Business;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var address = Url.Replace(TickerPlaceholder, "7203", StringComparison.OrdinalIgnoreCase);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            yield return new ValidationResult($"{NewsOptions.Section}:Feeds has an address that is not http or https: {Url}", [nameof(Url)]);
        if (!NewsCategory.All.Contains(Category))
        {
            yield return new ValidationResult(
                $"{NewsOptions.Section}:Feeds has the category {Category}; there are {string.Join(", ", NewsCategory.All)}.", [nameof(Category)]);
        }
    }
}
