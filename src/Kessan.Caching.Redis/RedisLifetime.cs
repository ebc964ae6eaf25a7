using Microsoft.Extensions.Hosting;

namespace Kessan.Caching.Redis;

/// <summary>
/// Connects while the host starts, so that the first request does not pay for it, and makes a setting that cannot be understood stop
/// the start. A Redis that is away does not.
/// </summary>
internal sealed class RedisLifetime(RedisStoreHandle handle) : IHostedService
{
    // The longest that a start waits: a host with Redis away answers from L1 soon.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (handle.Store is not { } store) return;
        try
        {
            await store.Connection.ConnectAsync().WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It goes on in the background.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
