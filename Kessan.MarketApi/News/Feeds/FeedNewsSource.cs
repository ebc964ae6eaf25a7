using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Kessan.Caching;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;
using Kessan.MarketApi.Telemetry;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>News from the configured feeds. A feed is in the cache too: it is read once, however many stocks are asked for.</summary>
internal sealed class FeedNewsSource(
    FeedClient client, KessanHybridCache cache, IOptions<NewsOptions> options, ILogger<FeedNewsSource> logger) : INewsSource
{
    private const int MaximumItems = 50;
    private static readonly TimeSpan StaleWindow = TimeSpan.FromHours(6);

    public async ValueTask<StockNews> GetAsync(Stock stock, string category, CancellationToken cancellationToken)
    {
        var feeds = options.Value.Feeds.Where(feed => category == NewsCategory.Any || feed.Category == category).ToList();
        var read = await Task.WhenAll(feeds.Select(feed => TryReadAsync(feed, stock, cancellationToken)));
        if (feeds.Count > 0 && read.All(items => items is null))
            throw new SourceException("None of the news feeds can be read.");

        var news = read.SelectMany(items => items ?? [])
            .DistinctBy(item => (item.Link, item.Title))
            .OrderByDescending(item => item.PublishedAt)
            .Take(MaximumItems);
        return new StockNews(stock.Ticker, category, [.. news]);
    }

    // One feed that is away must not take the others with it.
    private async Task<IEnumerable<NewsItem>?> TryReadAsync(FeedOptions feed, Stock stock, CancellationToken cancellationToken)
    {
        try
        {
            var isOfOneStock = feed.Url.Contains(FeedOptions.TickerPlaceholder, StringComparison.OrdinalIgnoreCase);
            var address = new Uri(feed.Url.Replace(FeedOptions.TickerPlaceholder, stock.Ticker, StringComparison.OrdinalIgnoreCase));
            var items = await ReadAsync(address, feed.Category, cancellationToken);
            return isOfOneStock ? items : items.Where(item => StockMention.IsIn(item, stock));
        }
        catch (SourceException failure)
        {
            logger.FeedFailed(failure);
            return null;
        }
    }

    private async ValueTask<ImmutableArray<NewsItem>> ReadAsync(Uri address, string category, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{category} {address.AbsoluteUri}")));
        var lookup = await cache.GetOrCreateLookupAsync(
            $"news_feed:{hash}",
            async (_, token) => new FeedItems(await client.ReadAsync(address, category, token)),
            new CacheEntryOptions { Expiration = options.Value.RefreshInterval, StaleWindow = StaleWindow },
            cancellationToken: cancellationToken);
        return lookup.Value!.Items;
    }
}
