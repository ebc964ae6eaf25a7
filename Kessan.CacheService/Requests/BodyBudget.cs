using Kessan.CacheHost.Problems;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

/// <summary>The bytes of bodies that are held at a time, over all requests: memory is bounded, however many clients send at once.</summary>
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

    public void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
