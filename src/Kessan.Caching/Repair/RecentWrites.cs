using Kessan.Caching.Timing;

namespace Kessan.Caching.Repair;

/// <summary>
/// The writes of the last seconds that the store acknowledged: a server that failed over may have forgotten them. Bounded: of too many only
/// that is remembered. Safe for concurrent use.
/// </summary>
internal sealed class RecentWrites(CacheClock clock, TimeSpan window)
{
    private const int Capacity = 100_000;

    private readonly Lock _lock = new();
    private readonly Queue<RecentWrite> _writes = new();
    private long _droppedAt = long.MinValue;
    private int _server;

    /// <summary>The number of the server, to be taken before it is told of a write: one higher with each that is found to be another.</summary>
    public int Server => Volatile.Read(ref _server);

    /// <summary>Remembers a write.</summary>
    /// <param name="subject">The key or the tag.</param>
    /// <param name="version">The version of the entry or of the removal; 0 for a tag.</param>
    /// <param name="server">The server's number when the write began.</param>
    /// <param name="isTag">Whether it is a tag.</param>
    /// <returns>False: the server is another one since, and was looked through already; the write must be repeated.</returns>
    public bool Remember(string subject, long version, int server, bool isTag = false)
    {
        if (window == TimeSpan.Zero) return true;
        lock (_lock)
        {
            if (server != _server) return false;
            var now = clock.Now;
            var oldest = now - (long)window.TotalMilliseconds;
            while (_writes.TryPeek(out var write) && (write.At < oldest || _writes.Count >= Capacity))
            {
                if (write.At >= oldest) _droppedAt = write.At;
                _writes.Dequeue();
            }

            _writes.Enqueue(new RecentWrite(now, subject, version, isTag));
            return true;
        }
    }

    /// <summary>
    /// The server is another one: gives the last write of each subject within the window; <see langword="null"/>: there were too many to remember.
    /// </summary>
    public IReadOnlyCollection<RecentWrite>? Take()
    {
        lock (_lock)
        {
            Volatile.Write(ref _server, _server + 1);
            if (_droppedAt >= clock.Now - (long)window.TotalMilliseconds) return null;
            var oldest = clock.Now - (long)window.TotalMilliseconds;
            var last = new Dictionary<(string, bool), RecentWrite>();
            foreach (var write in _writes)
            {
                if (write.At >= oldest) last[(write.Subject, write.IsTag)] = write;
            }

            return last.Values;
        }
    }
}

/// <summary>One acknowledged write.</summary>
internal readonly record struct RecentWrite(long At, string Subject, long Version, bool IsTag);
