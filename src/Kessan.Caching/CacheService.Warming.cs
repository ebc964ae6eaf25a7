using Kessan.Caching.Warming;

namespace Kessan.Caching;

// Filling the cache before anybody asks.
public sealed partial class CacheService
{
    private readonly Lazy<CacheWarmer?> _warmer;

    /// <summary>
    /// Warms now: loads the hot keys that were remembered in the store and runs every source of <c>AddWarmup()</c>, as at the start of the
    /// host. A warm-up that is under way is waited for first.
    /// </summary>
    /// <param name="cancellationToken">Ends the warm-up; what is loaded stays.</param>
    /// <returns>What was loaded; nothing where neither <c>AddWarming()</c> nor <c>AddWarmup()</c> was called.</returns>
    public Task<WarmReport> WarmAsync(CancellationToken cancellationToken = default)
        => _warmer.Value is { } warmer ? warmer.WarmAsync(cancellationToken) : Task.FromResult(WarmReport.Nothing);
}
