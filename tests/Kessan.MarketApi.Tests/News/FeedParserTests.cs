using System.Collections.Immutable;
using System.Text;
using Kessan.MarketApi.News;
using Kessan.MarketApi.News.Feeds;
using Kessan.MarketApi.Sources;

namespace Kessan.MarketApi.Tests.News;

public class FeedParserTests
{
    private static readonly DateTimeOffset ReadAt = new(2025, 6, 11, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Parse_Rss2_HasItsItems()
    {
        var item = Assert.Single(Parse("""
            <rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Paper</title>
              <item><media:title>wrong</media:title><title>Toyota &amp;amp; others &lt;b&gt;rise&lt;/b&gt;</title>
                <link> https://news.example/1 </link>
                <description><![CDATA[<p>First.</p><script>alert(1)</script><p>Second&nbsp;one.</p>]]></description>
                <pubDate>Tue, 10 Jun 2025 15:40:00 +0900</pubDate></item>
            </channel></rss>
            """));

        Assert.Equal("Toyota & others rise", item.Title);
        Assert.Equal("First. alert(1) Second one.", item.Summary);
        Assert.Equal(new Uri("https://news.example/1"), item.Link);
        Assert.Equal(new DateTimeOffset(2025, 6, 10, 15, 40, 0, TimeSpan.FromHours(9)), item.PublishedAt);
        Assert.Equal(("The Paper", "business"), (item.Publisher, item.Category));
    }

    [Fact]
    public void Parse_Rss1_HasItsItems()
    {
        var item = Assert.Single(Parse("""
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
              <channel rdf:about="https://news.example/"><title>適時開示</title></channel>
              <item rdf:about="https://news.example/2"><title>ソニーグループ　決算短信</title><link>https://news.example/2</link>
                <dc:date>2025-06-10T15:00:00+09:00</dc:date></item>
            </rdf:RDF>
            """));

        Assert.Equal("ソニーグループ 決算短信", item.Title);
        Assert.Equal("適時開示", item.Publisher);
        Assert.Equal(new DateTimeOffset(2025, 6, 10, 6, 0, 0, TimeSpan.Zero), item.PublishedAt);
    }

    [Fact]
    public void Parse_Atom_HasItsEntries()
    {
        var item = Assert.Single(Parse("""
            <feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>
              <entry><title type="html">A &lt;i&gt;title&lt;/i&gt;</title><link rel="self" href="https://news.example/feed"/>
                <link href="https://news.example/3"/><summary>Words.</summary><updated>2025-06-10T06:00:00Z</updated></entry>
            </feed>
            """));

        Assert.Equal(("A title", "Words.", "https://news.example/3"), (item.Title, item.Summary, item.Link?.AbsoluteUri));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not an address")]
    public void Parse_LinkThatIsNoWebAddress_IsLeftOut(string link) =>
        Assert.Null(Assert.Single(Parse($"<rss><channel><item><title>t</title><link>{link}</link></item></channel></rss>")).Link);

    [Theory]
    [InlineData("Tue, 10 Jun 2025 15:40:00 JST", "2025-06-10T06:40:00Z")]
    [InlineData("Tue, 10 Jun 2025 06:40:00 GMT", "2025-06-10T06:40:00Z")]
    [InlineData("yesterday", "2025-06-11T01:00:00Z")]
    [InlineData("", "2025-06-11T01:00:00Z")]
    public void Parse_Date_IsReadOrTheTimeOfReading(string date, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, null),
        Assert.Single(Parse($"<rss><channel><item><title>t</title><pubDate>{date}</pubDate></item></channel></rss>")).PublishedAt);

    [Theory]
    [InlineData("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><rss><channel><item><title>&x;</title></item></channel></rss>")]
    [InlineData("<!DOCTYPE rss SYSTEM \"http://127.0.0.1:1/x.dtd\"><rss><channel/></rss>")]
    [InlineData("<html><body>Not a feed</body></html>")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("<rss><channel>")]
    public void Parse_WhatIsNoFeedOrHasAnEntity_IsRefused(string text) => Assert.Throws<SourceException>(() => Parse(text));

    [Fact]
    public void Parse_Flood_IsBounded()
    {
        var title = new string('x', 5000) + new string('<', 5000);
        var items = Parse($"<rss><channel>{string.Concat(Enumerable.Repeat($"<item><title><![CDATA[{title}]]></title></item>", 300))}</channel></rss>");

        Assert.Equal(200, items.Length);
        Assert.All(items, item => Assert.Equal(300, item.Title.Length));
    }

    private static ImmutableArray<NewsItem> Parse(string text) =>
        FeedParser.Parse(new MemoryStream(Encoding.UTF8.GetBytes(text)), NewsCategory.Business, ReadAt);
}
