using System.Globalization;
using System.Text.RegularExpressions;

namespace Kessan.Standalone;

/// <summary>Whether the services answer, asked as anybody would ask: over HTTP.</summary>
internal sealed partial class Readiness(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // A value that could not be shared in time lives this long, in the market API alone.
    private const int UnsharedSeconds = 5;

    // The first quotes compile half of the program, which may take longer than the cache waits for its second layer.
    private static readonly string[] Rehearsals = ["6758", "9984", "8306", "6861"];

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Waits until a service answers <c>/health</c> with 200, as it does when degraded too.</summary>
    public async Task AnswersAsync(string address, CancellationToken cancellationToken)
    {
        while (await HealthAsync(address, cancellationToken) is null)
            await Task.Delay(Interval, time, cancellationToken);
    }

    /// <summary>
    /// Asks the market API for quotes until one went the whole way through both services into Redis in time, so that the user's first
    /// one does.
    /// </summary>
    public async Task RehearseAsync(string marketApi, CancellationToken cancellationToken)
    {
        foreach (var stock in Rehearsals)
        {
            using var answer = await GetAsync($"{marketApi}/stocks/{stock}/price", cancellationToken);
            var status = answer is not null && answer.Headers.TryGetValues("Cache-Status", out var values) ? string.Concat(values) : "";
            if (TimeLeft().Match(status) is { Success: true } left && long.Parse(left.Value, CultureInfo.InvariantCulture) > UnsharedSeconds)
                return;
        }
    }

    /// <returns>Whether the service is healthy, which the cache service is only while its Redis answers.</returns>
    public async Task<bool> IsHealthyAsync(string address, CancellationToken cancellationToken) =>
        await HealthAsync(address, cancellationToken) == "Healthy";

    public void Dispose() => _client.Dispose();

    private async Task<string?> HealthAsync(string address, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"{address}/health", cancellationToken);
        return answer is { IsSuccessStatusCode: true } ? await answer.Content.ReadAsStringAsync(cancellationToken) : null;
    }

    private async Task<HttpResponseMessage?> GetAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetAsync(new Uri(address), cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?<=ttl=)\d+")]
    private static partial Regex TimeLeft();
}
