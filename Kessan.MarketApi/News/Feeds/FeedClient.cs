using System.Collections.Immutable;
using Kessan.MarketApi.Sources;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.News.Feeds;

/// <summary>Fetches feeds, bounded in time and size. Safe for concurrent use.</summary>
internal sealed class FeedClient(IHttpClientFactory clients, IOptions<NewsOptions> options, TimeProvider timeProvider)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "news-feeds";

    /// <summary>The items of a feed.</summary>
    /// <exception cref="SourceException">It cannot be read.</exception>
    public async ValueTask<ImmutableArray<NewsItem>> ReadAsync(Uri address, string category, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var http = clients.CreateClient(ClientName);
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            using var content = await ReadBoundedAsync(body, either.Token);
            return FeedParser.Parse(content, category, timeProvider.GetUtcNow());
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SourceException($"The feed at {address.Host} could not be read: {failure.Message}", failure);
        }
    }

    // The announced length does not count: a compressed feed may be a thousand times as long when it is unpacked.
    private async ValueTask<MemoryStream> ReadBoundedAsync(Stream body, CancellationToken cancellationToken)
    {
        var maximum = options.Value.MaximumBytes;
        var content = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > maximum)
                throw new SourceException($"The feed is longer than {NewsOptions.Section}:{nameof(NewsOptions.MaximumBytes)} ({maximum}).");
            content.Write(buffer, 0, read);
        }
        content.Position = 0;
        return content;
    }
}
