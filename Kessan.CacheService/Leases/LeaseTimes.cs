using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Leases;

/// <summary>How long leases last and are waited for: what a request says, within the limits.</summary>
internal sealed class LeaseTimes(IOptions<ServiceLimitsOptions> limits, IOptions<KessanCacheOptions> cache)
{
    private readonly ServiceLimitsOptions _limits = limits.Value;

    public TimeSpan ToDuration(double? milliseconds)
    {
        if (milliseconds is not { } given) return cache.Value.LeaseDuration;
        return given >= 1 && given <= _limits.LeaseDuration.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(given)
            : throw PastLimit(nameof(_limits.LeaseDuration), _limits.LeaseDuration, "A lease lasts at least 1 ms");
    }

    public TimeSpan ToWait(double? milliseconds)
    {
        if (milliseconds is not { } given) return TimeSpan.Zero;
        return given >= 0 && given <= _limits.LeaseWait.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(given)
            : throw PastLimit(nameof(_limits.LeaseWait), _limits.LeaseWait, "A wait is not negative");
    }

    private static RequestProblemException PastLimit(string name, TimeSpan limit, string minimum)
        => RequestProblem.PastLimit(name, (long)limit.TotalMilliseconds, $"{minimum} and at most {limit.TotalMilliseconds} ms.").AsException();
}
