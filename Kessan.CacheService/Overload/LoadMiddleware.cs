using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Overload;

/// <summary>
/// Turns requests away with 503 and <c>Retry-After</c> when too many run at once or a client sends too many a second: those that are
/// let in are answered in time. Nothing queues; the client's own cache is the queue.
/// </summary>
internal sealed class LoadMiddleware : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly ServiceLimitsOptions _limits;
    private readonly int[] _running = new int[3];
    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _rates = new(StringComparer.Ordinal);

    public LoadMiddleware(RequestDelegate next, IOptions<ServiceLimitsOptions> options)
    {
        _next = next;
        _limits = options.Value;
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LoadMark>() is not { } mark) return _next(context);
        if (!IsWithinRate(context))
        {
            return RequestProblem.Overloaded(nameof(_limits.RequestsPerSecond), _limits.RequestsPerSecond).ExecuteAsync(context);
        }

        var load = mark.Of(context);
        var (name, limit) = LimitOf(load);
        ref var running = ref _running[(int)load];
        if (Interlocked.Increment(ref running) > limit)
        {
            Interlocked.Decrement(ref running);
            return RequestProblem.Overloaded(name, limit).ExecuteAsync(context);
        }

        Task answering;
        try
        {
            answering = _next(context);
        }
        catch
        {
            Interlocked.Decrement(ref running);
            throw;
        }

        if (!answering.IsCompletedSuccessfully) return FinishAsync(answering, (int)load);
        Interlocked.Decrement(ref running);
        return answering;
    }

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

    private async Task FinishAsync(Task answering, int load)
    {
        try
        {
            await answering;
        }
        finally
        {
            Interlocked.Decrement(ref _running[load]);
        }
    }

    private (string Name, int Limit) LimitOf(LoadClass load) => load switch
    {
        LoadClass.LeaseWait => (nameof(_limits.LeaseWaitsAtOnce), _limits.LeaseWaitsAtOnce),
        LoadClass.EventStream => (nameof(_limits.EventStreamsAtOnce), _limits.EventStreamsAtOnce),
        _ => (nameof(_limits.RequestsAtOnce), _limits.RequestsAtOnce),
    };

    // There are as many limiters as names in the configuration.
    private bool IsWithinRate(HttpContext context)
    {
        if (_limits.RequestsPerSecond == 0 || context.Features.Get<ApiClient>() is not { } client) return true;
        var limiter = _rates.GetOrAdd(client.Name, static (_, rate) => new TokenBucketRateLimiter(Bucket(rate)), _limits.RequestsPerSecond);
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }
}
