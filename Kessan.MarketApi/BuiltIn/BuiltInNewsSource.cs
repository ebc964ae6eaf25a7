using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.MarketApi.News;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>Sample news of the last two weeks, the same for the same seed and day. Every item says that it is a sample.</summary>
internal sealed class BuiltInNewsSource(IOptions<BuiltInOptions> options, SourceWeather weather, TimeProvider timeProvider) : INewsSource
{
    private const int Days = 14;
    private const double ItemsPerDayAndCategory = 0.25;

    private static readonly Dictionary<string, string[]> Headlines = new()
    {
        [NewsCategory.Earnings] = ["{0} reports quarterly results", "{0} raises its outlook for the year", "{0} sets the date of its results"],
        [NewsCategory.Disclosure] = ["{0} announces a share buyback", "{0} changes a representative director", "{0} decides its dividend"],
        [NewsCategory.Business] = ["{0} opens a new plant", "{0} starts a joint venture", "{0} presents a product for overseas markets"],
        [NewsCategory.Market] = ["{0} leads its sector", "Trading volume in {0} above average", "Analysts revise targets for {0}"],
    };

    public async ValueTask<CacheLookup<StockNews?>> GetAsync(Stock stock, string category, CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        var categories = category == NewsCategory.Any ? NewsCategory.All : [category];
        var items = categories.SelectMany(name => Items(stock, name)).OrderByDescending(item => item.PublishedAt);
        return CacheLookup.Of<StockNews?>(new StockNews(stock.Ticker, category, [.. items]));
    }

    private IEnumerable<NewsItem> Items(Stock stock, string category)
    {
        var now = timeProvider.GetUtcNow();
        var (today, _) = TokyoMarketCalendar.InTokyo(now);
        for (var day = today; day > today.AddDays(-Days); day = day.AddDays(-1))
        {
            var random = new SplitMix64(SplitMix64.Mix(
                [options.Value.Seed, (ulong)day.DayNumber, .. (stock.Ticker + category).Select(character => (ulong)character)]));
            if (random.NextDouble() >= ItemsPerDayAndCategory)
                continue;

            var headlines = Headlines[category];
            var title = string.Format(null, headlines[(int)(random.NextDouble() * headlines.Length)], stock.Name);
            var published = TokyoMarketCalendar.At(day, new TimeOnly(8 + (int)(random.NextDouble() * 10), (int)(random.NextDouble() * 60)));
            if (published <= now)
                yield return new NewsItem(title, "A sample of the built-in data set, not news.", null, category, published, "Kessan samples");
        }
    }
}
