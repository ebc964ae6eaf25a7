using Kessan.Caching.Access;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Redis;

/// <summary>
/// The operations of <see cref="RedisCache"/> on entries, by the engine's own way to the store: each waits for its soft timeout at most, and for
/// nothing while the breaker is open. <see langword="null"/>: not carried out, or its outcome is not known. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A read that fails is tried again within its soft timeout, and counts for the breaker once; one that is refused is not, nor is a write, since it
/// may have been done.
/// </remarks>
internal sealed class GuardedStore(CacheNode node)
{
    /// <summary>The most keys of one operation: a timeout is to say something of the server, not of the length of a list.</summary>
    public const int LargestBatch = 500;

    private const int Attempts = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    private readonly StoreAccessor _store = node.Store!;

    public Task<StoreReading?> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
        => ReadAsync(
            (_store.Store, key, options),
            static asked => asked.Store.GetAsync(asked.key, asked.options, CancellationToken.None),
            cancellationToken);

    /// <summary>Any read of the store.</summary>
    public async Task<T?> ReadAsync<TState, T>(TState state, Func<TState, ValueTask<T>> read, CancellationToken cancellationToken)
        where T : struct
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _store.AskAsync((Self: this, state, read), static (_, asked) => asked.Self.RetryAsync(() => asked.read(asked.state)))
            .AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoreReading[]?> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _store.AskForObjectAsync(
            (Self: this, keys),
            static (store, asked) => asked.Self.RetryAsync(() => store.GetManyAsync(asked.keys, StoreReadOptions.Default, CancellationToken.None)))
            .AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<long[]?> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _store.AskForObjectAsync(
            (Self: this, tags),
            static (store, asked) => asked.Self.RetryAsync(() => store.GetTagGenerationsAsync(asked.tags, CancellationToken.None)))
            .AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoreWriteResult[]?> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _store.SetManyAsync(writes).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoreRemoval?> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _store.RemoveAsync(key).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The store is back, as far as the connection knows: waits for the breaker to find that out, and to repeat what it missed.</summary>
    /// <exception cref="TimeoutException">It took longer than <paramref name="patience"/>.</exception>
    public Task WaitUntilAvailableAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        _store.Breaker.Hint();
        return _store.Breaker.WhenClosedAsync().WaitAsync(patience, node.Time, cancellationToken);
    }

    /// <summary>The pause after so many attempts: exponential, of which a random half.</summary>
    internal static TimeSpan Pause(int attempts, double random) => FirstPause * (1 << (attempts - 1)) * (0.5 + random / 2);

    private async ValueTask<T> RetryAsync<T>(Func<ValueTask<T>> read)
    {
        var started = node.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (CacheStoreException failure) when (!failure.IsRefusal && attempt < Attempts)
            {
                pause = Pause(attempt, node.Planner.Draw());
                if (node.Time.GetElapsedTime(started) + pause >= node.Options.L2SoftTimeout) throw;
            }

            await Task.Delay(pause, node.Time).ConfigureAwait(false);
        }
    }
}
