using Kessan.CacheHost.Requests;
using Kessan.Caching;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost;

/// <summary>
/// What was answered 202, or charged to a quota, while Redis was away is kept in this process alone: when no request is left, the stop waits for
/// Redis to hear of it, and says what was lost if that does not come in time.
/// </summary>
internal sealed class AcceptedChanges(
    CacheEntries entries, CacheService cache, TimeProvider time, IOptions<ServiceLimitsOptions> options, ILogger<AcceptedChanges> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // After the server has stopped: the last request may have been the one.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var (changes, quotas) = (entries.PendingChanges, cache.CountPendingQuotas());
        if (changes == 0 && quotas == 0) return;
        var patience = options.Value.StopWait;
        Log.StopWaits(logger, changes, quotas, patience.TotalSeconds);
        using var enough = new CancellationTokenSource(patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        while (!await TryHandInAsync(ending.Token))
        {
            if (ending.IsCancellationRequested)
            {
                Log.ChangesLost(logger, entries.PendingChanges, cache.CountPendingQuotas());
                return;
            }

            await Task.Delay(Interval, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Log.ChangesHandedIn(logger);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Side by side: a long list of the one must not take all the time.
    private async Task<bool> TryHandInAsync(CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(entries.TryHandInAsync(cancellationToken).AsTask(), cache.TryHandInQuotasAsync(cancellationToken).AsTask());
        return all is [true, true];
    }
}
