using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Kessan.MarketApi.Sources;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>
/// Reads RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0, which is still common in Japan, and Atom (RFC 4287). A feed is
/// anybody's text: no document type, no external entity, bounded numbers and lengths, plain text only.
/// </summary>
internal static class FeedParser
{
    private const int MaximumItems = 200;
    private const int MaximumTitle = 300;
    private const int MaximumSummary = 1000;
    private static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";

    /// <summary>The items of a feed, in its order.</summary>
    /// <param name="content">The document.</param>
    /// <param name="category">The category of all of them.</param>
    /// <param name="readAt">When it was read: the date of items that have none.</param>
    /// <exception cref="SourceException">It is no feed.</exception>
    public static ImmutableArray<NewsItem> Parse(Stream content, string category, DateTimeOffset readAt)
    {
        var root = Load(content);
        var items = root.Name.LocalName switch
        {
            "rss" => Children(Child(root, "channel"), "item"),
            "RDF" => Children(root, "item"),
            "feed" => Children(root, "entry"),
            var other => throw new SourceException($"Not a feed: the document begins with <{FeedText.Plain(other, 40)}>."),
        };
        var channel = root.Name.LocalName == "feed" ? root : Child(root, "channel");
        var publisher = FeedText.Plain(Child(channel, "title")?.Value, MaximumTitle);
        return
        [
            .. items.Take(MaximumItems).Select(item => ToNews(item, category, publisher, readAt)).Where(news => news.Title.Length > 0),
        ];
    }

    private static XElement Load(Stream content)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = false };
        try
        {
            using var reader = XmlReader.Create(content, settings);
            return XDocument.Load(reader).Root ?? throw new SourceException("Not a feed: the document is empty.");
        }
        catch (XmlException failure)
        {
            throw new SourceException($"Not a feed: {failure.Message}", failure);
        }
    }

    private static NewsItem ToNews(XElement item, string category, string publisher, DateTimeOffset readAt) => new(
        FeedText.Plain(Child(item, "title")?.Value, MaximumTitle),
        FeedText.Plain((Child(item, "description") ?? Child(item, "summary") ?? Child(item, "content"))?.Value, MaximumSummary),
        Link(item),
        category,
        Published(item) ?? readAt,
        publisher);

    // RSS has the address as text; Atom as an attribute of one of several links, of which the one without a relation, or
    // "alternate", is the article.
    private static Uri? Link(XElement item)
    {
        var links = Children(item, "link").ToList();
        var alternate = links.Find(link => (string?)link.Attribute("rel") is null or "alternate");
        var address = (string?)alternate?.Attribute("href") ?? alternate?.Value;
        return Uri.TryCreate(address?.Trim(), UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : null;
    }

    private static DateTimeOffset? Published(XElement item)
    {
        var text = (Child(item, "pubDate") ?? item.Element(DublinCore + "date") ?? Child(item, "published") ?? Child(item, "updated"))?.Value.Trim();
        // RFC 822 knows zones by name; the one that Japanese feeds use is not among those that .NET reads.
        if (text?.EndsWith(" JST", StringComparison.Ordinal) == true)
            text = text[..^3] + "+0900";
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
    }

    private static XElement? Child(XElement? parent, string name) => Children(parent, name).FirstOrDefault();

    // The kinds of feeds differ in their namespaces, not in these names; an extension's element of the same name ("media:title",
    // "itunes:summary") is in another namespace than its item.
    private static IEnumerable<XElement> Children(XElement? parent, string name) =>
        parent?.Elements().Where(element => element.Name.LocalName == name && IsOfTheFeedItself(element)) ?? [];

    private static bool IsOfTheFeedItself(XElement element) => element.Name.NamespaceName is
        "" or "http://purl.org/rss/1.0/" or "http://www.w3.org/2005/Atom" or "http://backend.userland.com/rss2";
}
