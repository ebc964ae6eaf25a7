using System.Net;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>One primary: its clock and this node's sequence of messages through it. Safe for concurrent use.</summary>
internal sealed class RedisShard(int id, IServer server, TimeProvider time)
{
    private const int MostVoids = 100_000;

    private readonly List<long> _voids = [];
    private long _sequence;
    private bool _identityAsked;

    /// <summary>The number under which messages name the sequence.</summary>
    public int Id => id;

    public IServer Server => server;

    public EndPoint EndPoint => server.EndPoint;

    public ServerClock Clock { get; } = new(time);

    public bool IsConnected => server.IsConnected;

    /// <summary>
    /// Held while a number is taken and its command handed to the client: so numbers and commands have one order, and a heartbeat
    /// never names a number whose message comes after it.
    /// </summary>
    public Lock Gate { get; } = new();

    /// <summary>The identity of the server process, when it was last asked.</summary>
    public string? RunId { get; set; }

    /// <summary>Whether the last look at its identity came to an end.</summary>
    public bool IsIdentityKnown { get; set; }

    /// <summary>Whether its identity is to be looked at with its next heartbeat.</summary>
    public bool IsIdentityAsked => Volatile.Read(ref _identityAsked);

    public void AskIdentity() => Volatile.Write(ref _identityAsked, true);

    /// <summary>Whether its identity was to be looked at; whoever hears so does it.</summary>
    public bool TakeIdentityAsked() => Interlocked.Exchange(ref _identityAsked, false);

    /// <summary>Whether the scripts were brought to it.</summary>
    public bool HasScripts { get; set; }

    /// <summary>The last number taken; read it under <see cref="Gate"/>.</summary>
    public long Sequence => _sequence;

    /// <summary>Takes the next number; call it under <see cref="Gate"/>.</summary>
    public long Next() => ++_sequence;

    /// <summary>Gives the last number back, if its command certainly never left; call it under <see cref="Gate"/>.</summary>
    public void TakeBack() => _sequence--;

    /// <summary>The operation of this number failed, or may have: the number must be published as a void.</summary>
    public void AddVoid(long sequence)
    {
        lock (_voids)
        {
            // Too many only happen where nothing can be published for long; receivers then see a gap and revalidate.
            if (_voids.Count >= MostVoids) _voids.Clear();
            _voids.Add(sequence);
        }
    }

    /// <summary>Whether numbers wait to be published as voids.</summary>
    public bool HasVoids
    {
        get
        {
            lock (_voids) return _voids.Count > 0;
        }
    }

    /// <summary>Takes the numbers that are to be published as voids.</summary>
    public long[] TakeVoids()
    {
        lock (_voids)
        {
            if (_voids.Count == 0) return [];
            var voids = _voids.ToArray();
            _voids.Clear();
            return voids;
        }
    }
}
