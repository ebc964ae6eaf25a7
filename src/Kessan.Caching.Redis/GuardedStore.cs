using Kessan.Caching.Access;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Redis;

/// <summary>
/// The operations of <see cref="RedisCache"/> on entries, by the engine's own way to the store: each waits for its soft timeout at most, and for
/// nothing while the breaker is open. <see langword="null"/>: not carried out, or its outcome is not known. Safe for concurrent use.
/// </summary>
/// <remarks>A read that fails is tried again while the breaker is closed and the soft timeout not over; a write never, since it may have been done.</remarks>
internal sealed class GuardedStore(CacheNode node)
{
    private const int Attempts = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    private readonly StoreAccessor _store = node.Store!;

    public Task<StoreReading?> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
        => ReadAsync((_store, key, options), static all => all._store.GetAsync(all.key, all.options), cancellationToken);

    public Task<StoreReading[]?> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => ReadAsync((_store, keys), static all => all._store.GetManyAsync(all.keys, StoreReadOptions.Default), cancellationToken);

    public Task<long[]?> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => ReadAsync((_store, tags), static all => all._store.GetTagGenerationsAsync(all.tags), cancellationToken);

    public Task<StoreWriteResult[]?> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
        => _store.SetManyAsync(writes).AsTask().WaitAsync(cancellationToken);

    public Task<StoreRemoval?> RemoveAsync(string key, CancellationToken cancellationToken)
        => _store.RemoveAsync(key).AsTask().WaitAsync(cancellationToken);

    /// <summary>The store may be back: the breaker asks it at once.</summary>
    public void Hint() => _store.Breaker.Hint();

    /// <summary>The pause after so many attempts: exponential, of which a random half.</summary>
    internal static TimeSpan Pause(int attempts, double random) => FirstPause * (1 << (attempts - 1)) * (0.5 + random / 2);

    private async Task<T?> ReadAsync<TState, T>(TState state, Func<TState, ValueTask<T?>> read, CancellationToken cancellationToken)
    {
        var started = node.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var reading = read(state);
            var answer = cancellationToken.CanBeCanceled && !reading.IsCompleted
                ? await reading.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false)
                : await reading.ConfigureAwait(false);
            if (answer is not null || attempt == Attempts || !_store.IsAvailable) return answer;

            var pause = Pause(attempt, node.Planner.Draw());
            if (node.Time.GetElapsedTime(started) + pause >= node.Options.L2SoftTimeout) return answer;
            await Task.Delay(pause, node.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
