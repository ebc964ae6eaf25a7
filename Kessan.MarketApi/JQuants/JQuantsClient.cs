using System.Net;
using System.Text.Json;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Telemetry;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

/// <summary>Asks J-Quants, within the budget, page by page. Safe for concurrent use.</summary>
internal sealed class JQuantsClient(
    IHttpClientFactory clients, RequestBudget budget, IOptions<JQuantsOptions> options, TimeProvider timeProvider, ILogger<JQuantsClient> logger)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "jquants";

    // A market has some 4,500 issues; a server that goes on for ever is not asked for ever.
    private const int MaximumPages = 50;
    private static readonly TimeSpan PauseWhenRefused = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new TolerantDecimalConverter() } };

    /// <summary>All rows of an answer.</summary>
    /// <param name="path">The endpoint, without a slash before it.</param>
    /// <param name="query">The question, as in <c>code=72030</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SourceException">J-Quants cannot be asked now.</exception>
    public async ValueTask<List<TRow>> GetAsync<TRow>(string path, string query, CancellationToken cancellationToken)
    {
        var rows = new List<TRow>();
        string? next = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var address = $"{options.Value.BaseAddress.AbsoluteUri.TrimEnd('/')}/{path}?{query}"
                + (next is null ? "" : $"&pagination_key={Uri.EscapeDataString(next)}");
            var answer = await GetPageAsync<TRow>(new Uri(address), cancellationToken);
            rows.AddRange(answer.Data ?? []);
            next = answer.PaginationKey;
            if (string.IsNullOrEmpty(next))
                return rows;
        }
        throw new SourceException($"J-Quants gave more than {MaximumPages} pages.");
    }

    private async ValueTask<JQuantsPage<TRow>> GetPageAsync<TRow>(Uri address, CancellationToken cancellationToken)
    {
        await budget.WaitAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(options.Value.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var http = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "x-api-key", options.Value.ApiKey } } };
            using var response = await http.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode)
                throw Refused(response);
            return await response.Content.ReadFromJsonAsync<JQuantsPage<TRow>>(Json, either.Token)
                ?? throw new SourceException("J-Quants gave an empty answer.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SourceException($"J-Quants did not answer: {failure.Message}", failure);
        }
    }

    private SourceException Refused(HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.TooManyRequests:
                var wait = RetryAfter(response) ?? options.Value.PauseWhenBlocked;
                // Who comes back at once is blocked for longer.
                wait = wait < ShortestPause ? ShortestPause : wait;
                budget.Pause(wait);
                logger.JQuantsBlocked(wait);
                return new SourceException("J-Quants wants fewer requests.") { RetryAfter = wait };
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                budget.Pause(PauseWhenRefused);
                logger.JQuantsKeyRefused((int)response.StatusCode);
                return new SourceException("J-Quants refused the key.") { RetryAfter = PauseWhenRefused };
            default:
                return new SourceException($"J-Quants answered {(int)response.StatusCode}.");
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - timeProvider.GetUtcNow(),
        _ => null,
    };
}
