using System.Collections.Immutable;
using System.ComponentModel;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>The items of a feed, as they stand in the cache. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record FeedItems(ImmutableArray<NewsItem> Items);
