using Kessan.Caching.Calendar;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Warming;

/// <summary>
/// Fills the cache before anybody asks: with the keys that were hot before the last stop, and from registered sources, at start and on
/// their schedules.
/// </summary>
/// <remarks>
/// Runs beside the host's start, never in its way. A source that fails is logged and tried again at its next time. Safe for concurrent
/// use: a second warm-up waits for the first.
/// </remarks>
public sealed class CacheWarmer : BackgroundService
{
    private readonly IServiceProvider _services;
    private readonly HotKeyMemory _memory;
    private readonly CacheWarmup[] _sources;
    private readonly WarmingOptions _options;
    private readonly TokyoMarketCalendar _calendar;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _one = new(1, 1);

    internal CacheWarmer(
        IServiceProvider services,
        HotKeyMemory memory,
        IEnumerable<CacheWarmup> sources,
        WarmingOptions options,
        TokyoMarketCalendar calendar,
        TimeProvider time,
        ILogger<CacheWarmer> logger)
    {
        _services = services;
        _memory = memory;
        _sources = [.. sources];
        _options = options;
        _calendar = calendar;
        _time = time;
        _logger = logger;
    }

    /// <summary>Warms now: loads the remembered hot keys and runs every source.</summary>
    /// <param name="cancellationToken">Ends the warm-up; what is loaded stays.</param>
    public async Task<WarmReport> WarmAsync(CancellationToken cancellationToken = default)
        => await WarmAsync(_sources, withHotKeys: true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await _memory.SaveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WarmAsync(_sources.Where(source => source.AtStart), withHotKeys: true, stoppingToken).ConfigureAwait(false);
            await Task.WhenAll(_sources.Select(source => RepeatAsync(source, stoppingToken)).Append(RememberAsync(stoppingToken))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RememberAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.SaveInterval, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false)) await _memory.SaveAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RepeatAsync(CacheWarmup source, CancellationToken cancellationToken)
    {
        while (source.Next(_time.GetUtcNow(), _calendar) is { } next)
        {
            while (next - _time.GetUtcNow() is var left && left > TimeSpan.Zero)
            {
                // In steps: a timer reaches 49 days at most, and a clock that was put right meanwhile counts.
                await Task.Delay(left < TimeSpan.FromHours(1) ? left : TimeSpan.FromHours(1), _time, cancellationToken).ConfigureAwait(false);
            }

            await WarmAsync([source], withHotKeys: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<WarmReport> WarmAsync(IEnumerable<CacheWarmup> sources, bool withHotKeys, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var hot = withHotKeys ? await _memory.LoadAsync(cancellationToken).ConfigureAwait(false) : 0;
            var counts = new Dictionary<string, int?>(StringComparer.Ordinal);
            foreach (var source in sources) counts[source.Name] = await RunAsync(source, cancellationToken).ConfigureAwait(false);
            Log.Warmed(_logger, hot, counts.Values.Sum() ?? 0, counts.Values.Count(count => count is null));
            return new WarmReport(hot, counts);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Runs one source; what goes wrong in it ends here, because a cache that is not warm is no reason not to serve.</summary>
    private async Task<int?> RunAsync(CacheWarmup source, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.SourceTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var running = source.Source(_services, both.Token);
            Unobserved.Ignore(running); // past its limit nobody waits for it any more
            return await running.WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.WarmupFailed(_logger, source.Name, failure);
            return null;
        }
    }
}
