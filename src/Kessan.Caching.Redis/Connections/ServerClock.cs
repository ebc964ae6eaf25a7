namespace Kessan.Caching.Redis.Connections;

/// <summary>An estimate of a server's clock, so that the age of an entry follows from its version without asking.</summary>
/// <remarks>
/// A measurement (sent at a, answered at b, server time s) says that the server is between s - b and s - a ahead of us. The bounds of
/// several measurements are intersected; widened by a drift of 100 ppm as they grow older; and the upper one is used, so an entry never
/// looks younger than it is (by more than the drift) and older by at most the quickest round trip. Bounds that do not meet mean that
/// a clock was set: the old ones are dropped. Safe for concurrent use.
/// </remarks>
internal sealed class ServerClock(TimeProvider time)
{
    private const double Drift = 100e-6;

    private readonly double _microsecondsPerTick = 1e6 / time.TimestampFrequency;
    private readonly long _start = time.GetTimestamp(); // small differences keep the arithmetic exact to the microsecond
    private readonly Lock _lock = new();
    private double _lower;
    private double _upper;
    private double _at;
    private long _offset;
    private bool _isKnown;

    /// <summary>Whether there is an estimate.</summary>
    public bool IsKnown => Volatile.Read(ref _isKnown);

    /// <summary>
    /// The server's time now, in microseconds since 1970; only once <see cref="IsKnown"/>. Whoever asked before <see cref="Reset"/> gets the old estimate.
    /// </summary>
    public long Now => Volatile.Read(ref _offset) + (long)Microseconds(time.GetTimestamp());

    /// <summary>Takes a measurement in.</summary>
    /// <param name="sent">Our timestamp before the question was sent.</param>
    /// <param name="received">Our timestamp after the answer came.</param>
    /// <param name="server">The server's time in microseconds.</param>
    public void Measure(long sent, long received, long server)
    {
        var lower = server - Microseconds(received);
        var upper = server - Microseconds(sent);
        var at = Microseconds(received);
        lock (_lock)
        {
            var widening = (at - _at) * Drift;
            if (!_isKnown || upper < _lower - widening || lower > _upper + widening)
            {
                (_lower, _upper) = (lower, upper);
            }
            else
            {
                _lower = Math.Max(_lower - widening, lower);
                _upper = Math.Min(_upper + widening, upper);
            }

            _at = at;
            Volatile.Write(ref _offset, (long)Math.Ceiling(_upper));
            Volatile.Write(ref _isKnown, true);
        }
    }

    /// <summary>Forgets everything: it may be another server now.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            Volatile.Write(ref _isKnown, false);
        }
    }

    private double Microseconds(long timestamp) => (timestamp - _start) * _microsecondsPerTick;
}
