using Kessan.Caching.Client.Events;

namespace Kessan.CacheHost.Tests.Events;

/// <summary>A client at the event stream.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;
    private readonly SseParser _parser = new();

    private EventReader(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    public HttpResponseMessage Response => _response;

    public static async Task<EventReader> OpenAsync(HttpClient client, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "v1/events");
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new EventReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event, comments left out; null at the end.</summary>
    public async Task<SseItem?> NextAsync()
    {
        while (await NextItemAsync() is { } item)
        {
            if (item.Comment is null) return item;
        }

        return null;
    }

    /// <summary>The next heartbeat.</summary>
    public async Task<Heartbeat> HeartbeatAsync()
    {
        while (await NextItemAsync() is { } item)
        {
            if (item.Comment is { } comment && Heartbeat.TryParse(comment, out var heartbeat)) return heartbeat;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return default;
    }

    private async Task<SseItem?> NextItemAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Testing.Eventually.Patience);
        while (await _reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (_parser.Take(new(System.Text.Encoding.UTF8.GetBytes(line))) is { } item) return item;
        }

        return null;
    }
}
