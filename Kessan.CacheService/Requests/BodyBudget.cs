using Kessan.CacheHost.Problems;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

/// <summary>
/// The bytes of bodies that are held at a time, over all requests, until their answers are through: memory is bounded, however many clients
/// send at once, or read slowly what was made for them.
/// </summary>
internal sealed class BodyBudget(IOptions<ServiceLimitsOptions> options)
{
    private readonly long _limit = options.Value.BodyBytesAtOnce;
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= _limit) return;
        Interlocked.Add(ref _held, -bytes);
        throw RequestProblem.Overloaded(nameof(ServiceLimitsOptions.BodyBytesAtOnce), _limit).AsException();
    }

    /// <summary>Takes bytes until the request's answer is through.</summary>
    public void Hold(HttpContext context, long bytes)
    {
        Take(bytes);
        context.Response.RegisterForDispose(new Share(this, bytes));
    }

    public void Return(long bytes) => Interlocked.Add(ref _held, -bytes);

    private sealed class Share(BodyBudget budget, long bytes) : IDisposable
    {
        public void Dispose() => budget.Return(bytes);
    }
}
