namespace Kessan.Standalone;

/// <summary>Whether the services answer, asked as anybody would ask: over HTTP.</summary>
internal sealed class Readiness(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Waits until a service answers <c>/health</c> with 200, as it does when degraded too.</summary>
    public Task AnswersAsync(string address, CancellationToken cancellationToken) =>
        UntilAsync(address, Timeout.InfiniteTimeSpan, static _ => true, cancellationToken);

    /// <summary>Waits until a service is healthy, which the cache service is as soon as its Redis answers.</summary>
    /// <returns>Whether it is within the patience.</returns>
    public Task<bool> IsHealthyAsync(string address, TimeSpan patience, CancellationToken cancellationToken) =>
        UntilAsync(address, patience, static status => status == "Healthy", cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<bool> UntilAsync(string address, TimeSpan patience, Func<string, bool> suits, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await HealthAsync(address, cancellationToken) is { } status && suits(status))
                return true;
            if (patience != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) > patience)
                return false;
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<string?> HealthAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri($"{address}/health"), cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellationToken) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
