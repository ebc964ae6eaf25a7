using System.ComponentModel;

namespace Kessan.MarketApi.News;

/// <summary>A piece of news. Immutable.</summary>
/// <param name="Title">The headline, plain text.</param>
/// <param name="Summary">A few sentences, plain text; may be empty.</param>
/// <param name="Link">Where to read on; an http or https address.</param>
/// <param name="Category">One of <see cref="NewsCategory.All"/>.</param>
/// <param name="PublishedAt">When it appeared.</param>
/// <param name="Publisher">Who says so.</param>
[ImmutableObject(true)]
internal sealed record NewsItem(
    string Title, string Summary, Uri? Link, string Category, DateTimeOffset PublishedAt, string Publisher);
