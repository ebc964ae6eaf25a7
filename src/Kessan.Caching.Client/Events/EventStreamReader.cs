using System.Buffers;
using System.IO.Pipelines;
using Kessan.Caching.Client.Coherence;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Client.Events;

/// <summary>
/// Follows the service's event stream for one subscriber, over as many connections as it takes. After a cut it goes on where it was; if
/// the service cannot (another replica, too old an id), the subscriber is told that it missed something.
/// </summary>
internal sealed class EventStreamReader(
    ServiceChannel channel,
    CacheServiceOptions options,
    RecentChanges recent,
    IStoreSubscriber subscriber,
    TimeProvider time,
    ILogger logger) : IAsyncDisposable
{
    private const int MaximumLineLength = 64 * 1024;

    // Connecting may take longer than an operation: nobody waits for it.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly EventDispatcher _dispatcher = new(subscriber, recent, time);
    private readonly Random _random = new();
    private Task _running = Task.CompletedTask;
    private int _isDisposed;

    public void Start()
    {
        using (ExecutionContext.SuppressFlow())
        {
            _running = RunAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = TimeSpan.Zero;
        var isAway = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (await FollowAsync(() => isAway = Found(isAway)).ConfigureAwait(false)) pause = TimeSpan.Zero;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever ended the stream (a service discovery that fails, too): without it L1 is never trusted again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (!isAway) Log.EventsLost(logger, failure);
                isAway = true;
            }

            // Exponential up to a second, with jitter; the first attempt after a good connection comes at once.
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause * (0.5 + (_random.NextDouble() / 2)), time, _stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            pause = pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(50) : pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private bool Found(bool wasAway)
    {
        if (wasAway) Log.EventsFound(logger);
        return false;
    }

    /// <summary>One connection, to its end.</summary>
    /// <returns>Whether it was of any use.</returns>
    private async Task<bool> FollowAsync(Action onConnected)
    {
        using var request = ServiceRequests.To(HttpMethod.Get, "v1/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_dispatcher.LastEventId is { } id) request.Headers.TryAddWithoutValidation("Last-Event-ID", id);

        _dispatcher.Requested();
        using var response = await channel.OpenAsync(request, ConnectTimeout, _stopping.Token).ConfigureAwait(false);
        onConnected();
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(_stopping.Token).ConfigureAwait(false));
        try
        {
            return await ReadAsync(reader).ConfigureAwait(false);
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> ReadAsync(PipeReader reader)
    {
        var parser = new SseParser();
        var isUseful = false;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), silence, options.EventSilence, Timeout.InfiniteTimeSpan);
        await using var _ = timer.ConfigureAwait(false);
        while (true)
        {
            var result = await reader.ReadAsync(silence.Token).ConfigureAwait(false);
            timer.Change(options.EventSilence, Timeout.InfiniteTimeSpan);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (parser.Take(line) is not { } item) continue;
                isUseful = true;
                if (!_dispatcher.Dispatch(item)) return isUseful; // the replica goes; another takes over
            }

            if (buffer.Length > MaximumLineLength) throw new CacheStoreException("The cache service sent an event that is too long.");
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return isUseful;
        }
    }
}
