using System.Security.Cryptography;
using System.Text;
using Kessan.Caching;
using Kessan.Caching.Keys;
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

    // News without one of its feeds, or with an old state of it.
    private static readonly TimeSpan Incomplete = TimeSpan.FromMinutes(1);

    public async ValueTask<CacheLookup<StockNews?>> GetAsync(Stock stock, string category, CancellationToken cancellationToken)
    {
        var feeds = options.Value.Feeds.Where(feed => category == NewsCategory.Any || feed.Category == category).ToList();
        var read = await Task.WhenAll(feeds.Select(feed => TryReadAsync(feed, stock, cancellationToken)));
        // Of old states alone nothing new is made: who asks is given his last news, which says that it is old.
        if (feeds.Count > 0 && Array.TrueForAll(read, feed => feed is not { IsStale: false }))
            throw new SourceException("None of the news feeds can be read.");

        var news = read.SelectMany(feed => feed?.Items ?? [])
            .DistinctBy(item => (item.Link, item.Title))
            .OrderByDescending(item => item.PublishedAt)
            .Take(MaximumItems);
        return CacheLookup.Of<StockNews?>(
            new StockNews(stock.Ticker, category, [.. news]),
            holdsFor: read.Select(feed => feed is { IsStale: false } ? feed.TimeLeft : Incomplete).Append(TimeSpan.MaxValue).Min());
    }

    // One feed that is away must not take the others with it.
    private async Task<ReadFeed?> TryReadAsync(FeedOptions feed, Stock stock, CancellationToken cancellationToken)
    {
        try
        {
            var isOfOneStock = feed.Url.Contains(FeedOptions.TickerPlaceholder, StringComparison.OrdinalIgnoreCase);
            var address = new Uri(feed.Url.Replace(FeedOptions.TickerPlaceholder, stock.Ticker, StringComparison.OrdinalIgnoreCase));
            var lookup = await ReadAsync(address, feed.Category, isOfOneStock ? CacheKeys.StockTagPrefix + stock.Ticker : null, cancellationToken);
            IEnumerable<NewsItem> items = lookup.Value!.Items;
            return new ReadFeed(isOfOneStock ? items : items.Where(item => StockMention.IsIn(item, stock)), lookup.TimeLeft, lookup.IsStale);
        }
        catch (SourceException failure)
        {
            logger.FeedFailed(failure);
            return null;
        }
    }

    private ValueTask<CacheLookup<FeedItems>> ReadAsync(Uri address, string category, string? tag, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{category} {address.AbsoluteUri}")));
        return cache.GetOrCreateLookupAsync(
            $"news_feed:{hash}",
            async (_, token) => new FeedItems(await client.ReadAsync(address, category, token)),
            new CacheEntryOptions { Expiration = options.Value.RefreshInterval, StaleWindow = StaleWindow },
            tag is null ? null : [tag],
            cancellationToken);
    }

    private sealed record ReadFeed(IEnumerable<NewsItem> Items, TimeSpan TimeLeft, bool IsStale);
}
