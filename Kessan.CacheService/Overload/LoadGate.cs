using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Overload;

/// <summary>
/// Counts the requests that run at once and those that a client sends in a second, and turns away what is too much: those that are let in are
/// answered in time. Nothing queues; the client's own cache is the queue. Safe for concurrent use.
/// </summary>
internal sealed class LoadGate(IOptions<ServiceLimitsOptions> options) : IDisposable
{
    private readonly ServiceLimitsOptions _limits = options.Value;
    private readonly int[] _running = new int[3];
    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _rates = new(StringComparer.Ordinal);

    /// <summary>Lets a request in, which has to <see cref="Leave(LoadClass)"/>, or says why not (503).</summary>
    /// <param name="load">The cap it counts against.</param>
    /// <param name="client">Who sent it; <see langword="null"/>: nobody whose rate is counted.</param>
    public RequestProblem? Enter(LoadClass load, ApiClient? client)
    {
        if (client is not null && !IsWithinRate(client))
        {
            return RequestProblem.Overloaded(nameof(_limits.RequestsPerSecond), _limits.RequestsPerSecond);
        }

        var (name, limit) = LimitOf(load);
        if (Interlocked.Increment(ref _running[(int)load]) <= limit) return null;
        Leave(load);
        return RequestProblem.Overloaded(name, limit);
    }

    /// <summary>Leaves when the answer is whole: one that a slow client takes in holds memory until then.</summary>
    public Task LeaveAfterAsync(LoadClass load, Task answering)
    {
        if (!answering.IsCompletedSuccessfully) return AwaitAsync(load, answering);
        Leave(load);
        return answering;
    }

    public void Leave(LoadClass load) => Interlocked.Decrement(ref _running[(int)load]);

    public void Dispose()
    {
        foreach (var limiter in _rates.Values) limiter.Dispose();
    }

    /// <summary>A bucket of one second's requests that is refilled about ten times a second, with smaller rates one by one.</summary>
    internal static TokenBucketRateLimiterOptions Bucket(int rate)
    {
        var tokens = Math.Max(1, rate / 10);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / rate),
            QueueLimit = 0,
        };
    }

    private async Task AwaitAsync(LoadClass load, Task answering)
    {
        try
        {
            await answering;
        }
        finally
        {
            Leave(load);
        }
    }

    private (string Name, int Limit) LimitOf(LoadClass load) => load switch
    {
        LoadClass.LeaseWait => (nameof(_limits.LeaseWaitsAtOnce), _limits.LeaseWaitsAtOnce),
        LoadClass.EventStream => (nameof(_limits.EventStreamsAtOnce), _limits.EventStreamsAtOnce),
        _ => (nameof(_limits.RequestsAtOnce), _limits.RequestsAtOnce),
    };

    // There are as many limiters as names in the configuration.
    private bool IsWithinRate(ApiClient client)
    {
        if (_limits.RequestsPerSecond == 0) return true;
        var limiter = _rates.GetOrAdd(client.Name, static (_, rate) => new TokenBucketRateLimiter(Bucket(rate)), _limits.RequestsPerSecond);
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }
}
