using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Kessan.MarketApi.News;
using Kessan.MarketApi.News.Feeds;
using Kessan.MarketApi.Stocks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Tests.News;

public sealed class FeedNewsTests : IAsyncLifetime
{
    private readonly WebApplication _feeds;
    private readonly ConcurrentDictionary<string, int> _reads = new();
    private volatile bool _isDown;

    public FeedNewsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _feeds = builder.Build();
        _feeds.Urls.Add("http://127.0.0.1:0");
        _feeds.MapGet("/general", (HttpContext context) => Feed(context, "Toyota Motor builds", "NTT and others", "７２０３ rises", "172030 units sold", "ANTTI speaks"));
        _feeds.MapGet("/stock/{ticker}", (HttpContext context, string ticker) => Feed(context, $"About {ticker} in any words"));
        _feeds.MapGet("/away", () => Results.StatusCode(500));
        _feeds.MapGet("/bomb", async (HttpContext context) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var zipped = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await zipped.WriteAsync(Encoding.UTF8.GetBytes("<rss><channel><item><title>7203 "), context.RequestAborted);
            for (var i = 0; i < 4096; i++)
                await zipped.WriteAsync(new byte[1024], context.RequestAborted);
        });
    }

    private string Address => _feeds.Urls.Single();

    public async ValueTask InitializeAsync() => await _feeds.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _feeds.DisposeAsync();

    [Fact]
    public async Task GetNews_GeneralFeed_HasWhatMentionsTheStock()
    {
        await using var host = await StartAsync("/general");

        var toyota = await host.GetJsonAsync("/stocks/7203/news");
        var ntt = await host.GetJsonAsync("/stocks/9432/news");

        Assert.Equal(["Toyota Motor builds", "７２０３ rises"], Titles(toyota));
        Assert.Equal(["NTT and others"], Titles(ntt));
        Assert.Equal(1, _reads["/general"]); // for any number of stocks
    }

    [Fact]
    public async Task GetNews_FeedOfOneStock_HasAllOfIt()
    {
        await using var host = await StartAsync("/stock/{ticker}");

        Assert.Equal(["About 130A in any words"], Titles(await host.GetJsonAsync("/stocks/130A/news")));
    }

    [Fact]
    public async Task GetNews_OneFeedIsAwayAnotherTooLong_TheThirdIsGiven()
    {
        await using var host = await StartAsync("/away", "/bomb", "/stock/{ticker}");

        Assert.Equal(["About 7203 in any words"], Titles(await host.GetJsonAsync("/stocks/7203/news")));
    }

    // What is made of a feed does not live longer than the feed, nor pass for fresh when the feed is old.
    [Fact]
    public async Task GetNews_FeedGoesAway_IsStaleThenAndWholeAgainAfterwards()
    {
        await using var host = await StartAsync("/general");

        var first = await StatusAsync(host, "/stocks/7203/news");
        host.Time.Advance(TimeSpan.FromMinutes(4));
        var other = await StatusAsync(host, "/stocks/9432/news");
        _isDown = true;
        host.Time.Advance(TimeSpan.FromMinutes(7));
        var down = await StatusAsync(host, "/stocks/7203/news");
        _isDown = false;
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await StatusAsync(host, "/stocks/7203/news");
        var up = await StatusAsync(host, "/stocks/7203/news");

        Assert.Equal("kessan; fwd=miss; stored; ttl=600; detail=source", first);
        Assert.Equal("kessan; fwd=miss; stored; ttl=360; detail=source", other);
        Assert.EndsWith("detail=stale", down);
        Assert.DoesNotContain("stale", up);
    }

    [Fact]
    public async Task GetNews_OneOfTwoFeedsIsAway_IsAskedForAgainInAMinute()
    {
        await using var host = await StartAsync("/away", "/general");

        Assert.Equal("kessan; fwd=miss; stored; ttl=60; detail=source", await StatusAsync(host, "/stocks/7203/news"));
    }

    [Fact]
    public async Task GetNews_RefreshOfAStock_ReadsItsOwnFeedAgain()
    {
        await using var host = await StartAsync("/stock/{ticker}", "/general");
        await host.GetJsonAsync("/stocks/7203/news");

        using var refreshed = await host.Client.PostAsync("/stocks/7203/refresh", null, TestContext.Current.CancellationToken);
        await host.GetJsonAsync("/stocks/7203/news");

        Assert.Equal((2, 1), (_reads["/stock/7203"], _reads["/general"]));
    }

    [Fact]
    public async Task GetNews_AllFeedsAreAway_Is503()
    {
        await using var host = await StartAsync("/away");

        using var answer = await host.Client.GetAsync("/stocks/7203/news", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Theory]
    [InlineData("ftp://feeds.example", "business", "not http or https")]
    [InlineData("https://feeds.example", "gossip", "there are earnings, disclosure, business, market")]
    public async Task Start_WrongFeed_SaysSo(string url, string category, string expected)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => MarketApiHost.StartAsync(
            [new("Market:News:Feeds:0:Url", url), new("Market:News:Feeds:0:Category", category)]));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("トヨタ自動車が新工場", true)]
    [InlineData("TOYOTA MOTOR: results", true)]
    [InlineData("x7203", false)]
    [InlineData("(7203)", true)]
    public void IsIn_Text_SaysTheStock(string title, bool expected)
    {
        var item = new NewsItem(title, "", null, NewsCategory.Market, default, "");

        Assert.Equal(expected, StockMention.IsIn(item, new Stock("7203", "Toyota Motor", "トヨタ自動車", "", "")));
    }

    private Task<MarketApiHost> StartAsync(params string[] paths) => MarketApiHost.StartAsync(
        paths.Select((path, index) => KeyValuePair.Create<string, string?>($"Market:News:Feeds:{index}:Url", Address + path)));

    private static async Task<string> StatusAsync(MarketApiHost host, string path)
    {
        using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("Cache-Status").Single();
    }

    private IResult Feed(HttpContext context, params string[] titles)
    {
        if (_isDown)
            return Results.StatusCode(500);
        _reads.AddOrUpdate(context.Request.Path, 1, (_, count) => count + 1);
        var items = titles.Select((title, index) => $"<item><title>{title}</title><pubDate>Tue, 10 Jun 2025 0{9 - index}:00:00 GMT</pubDate></item>");
        return Results.Text($"<rss><channel><title>Feed</title>{string.Concat(items)}</channel></rss>", "application/rss+xml");
    }

    private static IEnumerable<string?> Titles(System.Text.Json.JsonElement news) =>
        news.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString());
}
