using System.Collections.Concurrent;

namespace Kessan.Caching.Storage.Memory;

/// <summary>Messages on their way to one subscriber, delivered in order, one at a time, and never under the server's lock.</summary>
internal sealed class InMemoryInbox(IStoreSubscriber subscriber, string nodeId)
{
    private readonly ConcurrentQueue<Action<IStoreSubscriber>> _queue = [];
    private int _delivering;

    public void Enqueue(StoreMessage message)
    {
        _queue.Enqueue(target =>
        {
            target.OnMessage(message);
            if (message.Kind == StoreMessageKind.Heartbeat && message.Sender == nodeId) target.OnAlive(TimeSpan.Zero);
        });
    }

    public void Post(Action<IStoreSubscriber> action)
    {
        _queue.Enqueue(action);
        Deliver();
    }

    /// <summary>Delivers what is there, unless another thread, or this one further up, is at it already.</summary>
    public void Deliver()
    {
        while (!_queue.IsEmpty && Interlocked.Exchange(ref _delivering, 1) == 0)
        {
            try
            {
                while (_queue.TryDequeue(out var action)) action(subscriber);
            }
            finally
            {
                Interlocked.Exchange(ref _delivering, 0); // a full fence: the look at the queue must come after it, or a message is left lying
            }
        }
    }
}
