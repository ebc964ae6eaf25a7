using System.Collections.Concurrent;
using Kessan.Caching.Storage;

namespace Kessan.Testing.Storage;

/// <summary>Keeps all that a store says. Safe for concurrent use.</summary>
public sealed class RecordingSubscriber : IStoreSubscriber
{
    private readonly ConcurrentQueue<StoreMessage> _messages = [];
    private int _alive;
    private int _lost;
    private int _serverChanged;
    private int _inside;
    private int _overlaps;

    public IReadOnlyList<StoreMessage> Messages => [.. _messages];

    public int Alive => Volatile.Read(ref _alive);

    public int Lost => Volatile.Read(ref _lost);

    public int ServerChanged => Volatile.Read(ref _serverChanged);

    /// <summary>Calls that came while another was under way.</summary>
    public int Overlaps => Volatile.Read(ref _overlaps);

    public TimeSpan LastAge { get; private set; }

    public IEnumerable<StoreMessage> Of(StoreMessageKind kind, string subject)
        => _messages.Where(message => message.Kind == kind && message.Subject == subject);

    /// <summary>Waits for a message.</summary>
    public async Task<StoreMessage> NextAsync(StoreMessageKind kind, string subject)
    {
        await Eventually.HoldsAsync(() => Of(kind, subject).Any(), what: $"a message {kind} comes");
        return Of(kind, subject).First();
    }

    public void OnMessage(in StoreMessage message)
    {
        Enter();
        _messages.Enqueue(message);
        Leave();
    }

    public void OnAlive(TimeSpan age)
    {
        Enter();
        LastAge = age;
        Interlocked.Increment(ref _alive);
        Leave();
    }

    public void OnLost()
    {
        Enter();
        Interlocked.Increment(ref _lost);
        Leave();
    }

    public void OnServerChanged()
    {
        Enter();
        Interlocked.Increment(ref _serverChanged);
        Leave();
    }

    private void Enter()
    {
        if (Interlocked.Increment(ref _inside) != 1) Interlocked.Increment(ref _overlaps);
    }

    private void Leave() => Interlocked.Decrement(ref _inside);
}
