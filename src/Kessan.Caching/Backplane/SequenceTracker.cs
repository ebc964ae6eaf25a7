using Kessan.Caching.Storage;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Backplane;

/// <summary>
/// Finds lost messages by the holes in each sender's sequences. A hole may fill itself within 200 ms (messages overtake each other);
/// after that, or when a heartbeat names a later number than was seen for as long, messages are lost.
/// </summary>
/// <remarks>Not safe for concurrent use: the listener calls it under its lock.</remarks>
internal sealed class SequenceTracker(CacheClock clock)
{
    public static readonly TimeSpan HolePatience = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string Sender, int Shard), Sequence> _sequences = [];
    private long? _listeningSince;

    /// <summary>Takes note of a message.</summary>
    public SequenceFinding Observe(in StoreMessage message)
    {
        if (message.Sequence <= 0 && message.Kind != StoreMessageKind.Heartbeat) return SequenceFinding.Whole;
        var now = clock.Now;
        var listeningSince = _listeningSince ??= now;
        if (!_sequences.TryGetValue((message.Sender, message.Shard), out var sequence))
        {
            var isHeartbeat = message.Kind == StoreMessageKind.Heartbeat;
            sequence = new Sequence { Highest = message.Sequence, HeardAt = now };
            _sequences.Add((message.Sender, message.Shard), sequence);

            // A sender that has a past which we did not hear. Every sender speaks at least twice a second: right after the begin of
            // the subscription that past is from before it, later it is lost.
            if (message.Sequence <= (isHeartbeat ? 0 : 1)) return SequenceFinding.Whole;
            return CacheClock.Between(listeningSince, now) <= SenderPatience ? SequenceFinding.Unheard : SequenceFinding.Lost;
        }

        sequence.HeardAt = now;
        sequence.Observe(message.Sequence, message.Kind == StoreMessageKind.Heartbeat, now);
        return sequence.TakeOverdue(now) ? SequenceFinding.Lost : SequenceFinding.Whole;
    }

    /// <summary>Looks at the holes and the silent senders; to be called at intervals. True: messages are lost, or feared to be.</summary>
    public bool Check()
    {
        var now = clock.Now;
        var lost = false;
        List<(string, int)>? silent = null;
        foreach (var (key, sequence) in _sequences)
        {
            lost |= sequence.TakeOverdue(now);
            if (now - sequence.HeardAt <= (long)SenderPatience.TotalMilliseconds) continue;

            // It left, or we are deaf to it: its last messages may be lost.
            (silent ??= []).Add(key);
        }

        if (silent is null) return lost;
        foreach (var key in silent) _sequences.Remove(key);
        _listeningSince = null; // when they speak again, their silence has been counted already
        return true;
    }

    /// <summary>Forgets everybody: the subscription is new.</summary>
    public void Clear()
    {
        _sequences.Clear();
        _listeningSince = null;
    }

    private sealed class Sequence
    {
        private readonly SortedDictionary<long, long> _holes = []; // number -> since when it is missing

        public long Highest { get; set; }

        public long HeardAt { get; set; }

        public void Observe(long number, bool isHeartbeat, long now)
        {
            if (!isHeartbeat) _holes.Remove(number);
            if (number <= Highest) return;

            // A heartbeat carries the last number sent: that one is missing too.
            var last = isHeartbeat ? number : number - 1;
            if (last - Highest > 10_000)
            {
                _holes[last] = long.MinValue; // too many to remember: overdue at once
            }
            else
            {
                for (var missing = Highest + 1; missing <= last; missing++) _holes[missing] = now;
            }

            Highest = number;
        }

        public bool TakeOverdue(long now)
        {
            var overdue = false;
            while (_holes.Count > 0)
            {
                var (number, since) = _holes.First();
                if (since != long.MinValue && now - since < (long)HolePatience.TotalMilliseconds) break;
                _holes.Remove(number);
                overdue = true;
            }

            return overdue;
        }
    }
}

/// <summary>What a message says about those before it.</summary>
internal enum SequenceFinding
{
    /// <summary>Nothing is missing.</summary>
    Whole,

    /// <summary>
    /// Its sender was there before this node listened. Most likely nothing is lost; what L1 holds is checked all the same, without a word.
    /// </summary>
    Unheard,

    /// <summary>Messages are lost.</summary>
    Lost,
}
