using Kessan.Caching.Storage;
using Kessan.Caching.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Backplane;

/// <summary>Passes the backplane's messages on to those in this process who want them, after L1 has followed. Safe for concurrent use.</summary>
internal sealed class ChangeEvents(ILogger logger)
{
    private volatile IStoreSubscriber[] _subscribers = [];

    public IDisposable Subscribe(IStoreSubscriber subscriber)
    {
        IStoreSubscriber[] before;
        do
        {
            before = _subscribers;
        }
        while (Interlocked.CompareExchange(ref _subscribers, [.. before, subscriber], before) != before);
        return new Subscription(this, subscriber);
    }

    public void Publish(in StoreMessage message) => Tell(message, static (subscriber, message) => subscriber.OnMessage(message));

    public void PublishLost() => Tell(true, static (subscriber, _) => subscriber.OnLost());

    public void PublishServerChanged() => Tell(true, static (subscriber, _) => subscriber.OnServerChanged());

    public void PublishAlive(TimeSpan age) => Tell(age, static (subscriber, age) => subscriber.OnAlive(age));

    private void Tell<T>(T what, Action<IStoreSubscriber, T> tell)
    {
        foreach (var subscriber in _subscribers)
        {
            try
            {
                tell(subscriber, what);
            }
            catch (Exception failure) // a subscriber's fault must not stop the others
            {
                Log.SubscriberFailed(logger, failure);
            }
        }
    }

    private void Unsubscribe(IStoreSubscriber subscriber)
    {
        IStoreSubscriber[] before;
        do
        {
            before = _subscribers;
        }
        while (Interlocked.CompareExchange(ref _subscribers, [.. before.Where(s => !ReferenceEquals(s, subscriber))], before) != before);
    }

    private sealed class Subscription(ChangeEvents events, IStoreSubscriber subscriber) : IDisposable
    {
        public void Dispose() => events.Unsubscribe(subscriber);
    }
}
