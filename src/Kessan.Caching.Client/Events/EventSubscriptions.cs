namespace Kessan.Caching.Client.Events;

/// <summary>The event streams that are open, so that they end with the store.</summary>
internal sealed class EventSubscriptions : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<EventStreamReader> _readers = [];
    private bool _isDisposed;

    /// <summary>Starts a reader; the returned subscription ends it.</summary>
    public IAsyncDisposable Add(EventStreamReader reader)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(CacheServiceStore));
            _readers.Add(reader);
        }

        reader.Start();
        return new Subscription(this, reader);
    }

    public async ValueTask DisposeAsync()
    {
        EventStreamReader[] readers;
        lock (_lock)
        {
            _isDisposed = true;
            readers = [.. _readers];
            _readers.Clear();
        }

        foreach (var reader in readers) await reader.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Subscription(EventSubscriptions all, EventStreamReader reader) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            lock (all._lock) all._readers.Remove(reader);
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }
}
