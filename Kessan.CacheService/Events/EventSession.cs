using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kessan.CacheHost.Security;

namespace Kessan.CacheHost.Events;

/// <summary>One client at the event stream, from its last id until it goes, its key is revoked or the service stops.</summary>
internal sealed class EventSession(
    HttpContext context, EventLog log, ApiKeyRing keys, NodeIdentity node, TimeProvider time, TimeSpan heartbeat)
{
    /// <summary>How many events are written before the client must have taken them: a slow one holds that many, not a ring full.</summary>
    public const int Batch = 256;

    // A revoked key ends its stream within 5 s, however rare heartbeats are.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    // Of a stop: a host gives it as little as 3 s.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(2);

    private readonly EventStream _stream = new(context.Response.BodyWriter, node.Name);
    private readonly List<ServiceEvent> _events = [];
    private long _position;
    private long? _endingAt;

    public async Task RunAsync(string lastEventId, CancellationToken ending)
    {
        Begin(lastEventId);
        long? heartbeatAt = null;
        long? wholeAt = null;
        while (IsWelcome(out var client))
        {
            var news = WriteEvents(client, out var reading);

            // Not only by the clock: a fresh proof that the channel is whole is worth more the younger it is.
            var due = heartbeatAt is not { } last || time.GetElapsedTime(last) >= heartbeat;
            var proved = reading.WholeAt != wholeAt && heartbeatAt is { } sent && time.GetElapsedTime(sent) >= heartbeat / 2;
            if (due || proved)
            {
                _stream.WriteHeartbeat(_position, node.Uptime, reading.WholeAt is { } at ? time.GetElapsedTime(at) : null);
                heartbeatAt = time.GetTimestamp();
                wholeAt = reading.WholeAt;
            }

            if (!await FlushAsync(ending)) return;
            var patience = heartbeat - time.GetElapsedTime(heartbeatAt!.Value);
            if (!await WaitAsync(news, patience < LongestWait ? patience : LongestWait, ending)) break;
        }

        if (context.RequestAborted.IsCancellationRequested) return;
        if (ending.IsCancellationRequested) _stream.WriteStopping();
        await FlushAsync(ending);
    }

    /// <summary>Waits until the client has taken what was written. One that does not read is cut off when its key is revoked, and soon after the stop begins.</summary>
    private async Task<bool> FlushAsync(CancellationToken ending)
    {
        var flushing = _stream.FlushAsync(context.RequestAborted).AsTask();
        while (!flushing.IsCompleted)
        {
            var isEnding = ending.IsCancellationRequested;
            if (isEnding) _endingAt ??= time.GetTimestamp();
            var patience = _endingAt is { } at ? LastWait - time.GetElapsedTime(at) : LongestWait;
            if (patience > TimeSpan.Zero)
            {
                await ((Task)flushing).WaitAsync(patience, time, isEnding ? CancellationToken.None : ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (flushing.IsCompleted || ending.IsCancellationRequested || IsWelcome(out _)) continue;
            }

            context.Abort();
            await ((Task)flushing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }

        return await flushing;
    }

    private bool IsWelcome([NotNullWhen(true)] out ApiClient? client)
    {
        client = keys.Authenticate(context.Request.Headers);
        return client is not null && client.Has(AccessScope.Read);
    }

    private void Begin(string lastEventId)
    {
        _position = log.Last;
        if (lastEventId.Length == 0)
        {
            _stream.WritePosition(_position);
            return;
        }

        if (TryParse(lastEventId, out var number) && log.CanResumeAfter(number))
        {
            _position = number;
        }
        else
        {
            _stream.WriteReset(_position, "unknown_id");
        }
    }

    private Task WriteEvents(ApiClient client, out EventReading reading)
    {
        if (log.Read(_position, _events, Batch) is { } found)
        {
            reading = found;
        }
        else
        {
            _position = log.Last;
            _stream.WriteReset(_position, "too_slow");
            reading = log.Read(_position, _events, Batch)!.Value;
        }

        foreach (var item in _events)
        {
            if (item.NamesKey && !client.MayTouch(item.Subject)) _stream.WritePosition(item.Number);
            else _stream.Write(item);
        }

        _position = reading.Position;
        return reading.News;
    }

    private async Task<bool> WaitAsync(Task news, TimeSpan patience, CancellationToken ending)
    {
        if (ending.IsCancellationRequested) return false;
        if (patience <= TimeSpan.Zero || news.IsCompleted) return true;
        try
        {
            await news.WaitAsync(patience, time, ending);
        }
        catch (TimeoutException)
        {
            // A heartbeat is due.
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return true;
    }

    private bool TryParse(string id, out long number)
    {
        number = -1;
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && id.AsSpan(0, colon).SequenceEqual(node.Name)
            && long.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
