namespace Kessan.Standalone.Tests;

/// <summary>A connection that never ends by itself: the cache service's event stream.</summary>
internal sealed class EventListener(Uri cacheService, string apiKey) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = cacheService };
    private HttpResponseMessage? _answer;

    public async Task ConnectAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
        request.Headers.Add("X-Api-Key", apiKey);
        _answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        _answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _answer?.Dispose();
        _client.Dispose();
    }
}
