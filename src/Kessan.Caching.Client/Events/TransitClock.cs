namespace Kessan.Caching.Client.Events;

/// <summary>
/// How long a heartbeat was on its way. It carries the sender's uptime, which runs as fast as our own clock: a heartbeat that comes later
/// than the quickest one of the last minutes by so much was delayed by so much. This matters when the process was stopped: the
/// heartbeats that pile up meanwhile are read at once, and prove nothing about now.
/// </summary>
/// <remarks>Not safe for concurrent use; one for each connection.</remarks>
/// <param name="requestedAt">When the stream was asked for, by our clock: nothing on it was sent before that.</param>
internal sealed class TransitClock(TimeSpan requestedAt)
{
    // The first reference is sound but takes connecting for delay, so it is left as soon as heartbeats come as they were sent; the later
    // ones are renewed because two clocks drift apart, by up to 0.1 ms a second.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _requestedAt = requestedAt;
    private TimeSpan _windowStart = requestedAt;
    private TimeSpan _received;
    private TimeSpan _uptime;
    private TimeSpan? _previous;
    private TimeSpan? _current;
    private bool _isFirstWindow = true;

    /// <summary>Takes note of a heartbeat.</summary>
    /// <returns>How long ago it was sent.</returns>
    public TimeSpan Delay(TimeSpan receivedAt, TimeSpan senderUptime)
    {
        var offset = receivedAt - senderUptime;
        if (_current is null)
        {
            _current = _requestedAt - senderUptime;
        }
        else if ((_isFirstWindow || receivedAt - _windowStart > Window) && IsLive(receivedAt, senderUptime))
        {
            _previous = _isFirstWindow ? null : _current;
            _current = offset;
            _windowStart = receivedAt;
            _isFirstWindow = false;
        }
        else
        {
            _current = Min(_current, offset);
        }

        (_received, _uptime) = (receivedAt, senderUptime);
        return offset - Min(_previous, _current.Value);
    }

    // It came as long after the one before as it was sent after that: it did not wait in a pile.
    private bool IsLive(TimeSpan receivedAt, TimeSpan senderUptime)
    {
        var sent = senderUptime - _uptime;
        return (receivedAt - _received - sent).Duration() <= (sent / 4) + TimeSpan.FromMilliseconds(25);
    }

    private static TimeSpan Min(TimeSpan? one, TimeSpan other) => one is { } value && value < other ? value : other;
}
