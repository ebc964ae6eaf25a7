using Kessan.Caching.Storage;

namespace Kessan.Testing.Simulation;

/// <summary>The way of messages to one node.</summary>
internal sealed class SimulatedSubscription(SimulatedStore store, IStoreSubscriber target, Lock gate) : IStoreSubscriber, IAsyncDisposable
{
    private readonly List<StoreMessage> _held = [];
    private IAsyncDisposable? _inner;
    private bool _cut;

    public void Start(ICacheStore inner) => _inner = inner.Subscribe(this);

    public void OnMessage(in StoreMessage message)
    {
        MessageFate fate;
        lock (gate)
        {
            fate = _cut || store.IsAway ? MessageFate.Lose : store.Fate(message);
            if (fate == MessageFate.Hold) _held.Add(message);
        }

        if (fate is MessageFate.Deliver or MessageFate.Repeat) Hand(message);
        if (fate is MessageFate.Repeat) Hand(message);
    }

    public void OnAlive(TimeSpan age)
    {
        if (!_cut && !store.IsAway && !store.IsDeaf) target.OnAlive(age);
    }

    public void OnLost() => target.OnLost();

    public void OnServerChanged() => target.OnServerChanged();

    public void DeliverHeld(Func<IReadOnlyList<StoreMessage>, IEnumerable<StoreMessage>>? order)
    {
        StoreMessage[] held;
        lock (gate)
        {
            held = [.. _held];
            _held.Clear();
        }

        foreach (var message in order?.Invoke(held) ?? held) Hand(message);
    }

    public void Cut()
    {
        _cut = true;
        target.OnLost();
    }

    public void Reconnect()
    {
        _cut = false;
        target.OnAlive(TimeSpan.Zero);
    }

    private void Hand(in StoreMessage message)
    {
        target.OnMessage(message);
        store.Delivered(message);
    }

    public ValueTask DisposeAsync()
    {
        store.Forget(this);
        return _inner?.DisposeAsync() ?? default;
    }
}
