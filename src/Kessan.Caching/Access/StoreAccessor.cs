using Kessan.Caching.Storage;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Access;

/// <summary>
/// The engine's way to L2: bounded waits, the breaker, and failures that end here. An operation that was not carried out, or whose
/// outcome is not known, gives <see langword="null"/>.
/// </summary>
internal sealed class StoreAccessor : IAsyncDisposable
{
    private readonly ICacheStore _store;
    private readonly StoreBreaker _breaker;
    private readonly TimeProvider _time;
    private readonly TimeSpan _softTimeout;
    private readonly BoundedWaits _waits;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _logger;

    public StoreAccessor(
        ICacheStore store,
        KessanCacheOptions options,
        TimeProvider time,
        CacheMetrics metrics,
        ILogger logger,
        Func<CancellationToken, ValueTask> repair)
    {
        _store = store;
        _time = time;
        _softTimeout = options.L2SoftTimeout;
        _waits = new BoundedWaits(_softTimeout, time);
        _metrics = metrics;
        _logger = logger;
        _breaker = new StoreBreaker(options, time, logger, ProbeAsync, repair);
    }

    public ICacheStore Store => _store;

    public StoreBreaker Breaker => _breaker;

    /// <summary>False: the breaker is open, an operation would only be refused.</summary>
    public bool IsAvailable => !_breaker.IsOpen;

    public ValueTask<StoreReading?> GetAsync(string key, StoreReadOptions options)
        => _breaker.IsOpen ? default : GuardAsync(_store.GetAsync(key, options, CancellationToken.None));

    public ValueTask<StoreReading[]?> GetManyAsync(IReadOnlyList<string> keys, StoreReadOptions options)
        => _breaker.IsOpen ? default : GuardObjectAsync(_store.GetManyAsync(keys, options, CancellationToken.None));

    public ValueTask<StoreWriteResult?> SetAsync(StoreWrite write)
        => _breaker.IsOpen ? default : GuardAsync(_store.SetAsync(write, CancellationToken.None));

    public ValueTask<StoreWriteResult[]?> SetManyAsync(IReadOnlyList<StoreWrite> writes)
        => _breaker.IsOpen ? default : GuardObjectAsync(_store.SetManyAsync(writes, CancellationToken.None));

    public ValueTask<StoreRemoval?> RemoveAsync(string key)
        => _breaker.IsOpen ? default : GuardAsync(_store.RemoveAsync(key, CancellationToken.None));

    public ValueTask<StoreRemoval[]?> RemoveManyAsync(IReadOnlyList<string> keys)
        => _breaker.IsOpen ? default : GuardObjectAsync(_store.RemoveManyAsync(keys, CancellationToken.None));

    public ValueTask<long?> RemoveTagsAsync(IReadOnlyList<string> tags)
        => _breaker.IsOpen ? default : GuardAsync(_store.RemoveTagsAsync(tags, CancellationToken.None));

    public ValueTask<long[]?> GetTagGenerationsAsync(IReadOnlyList<string> tags)
        => _breaker.IsOpen ? default : GuardObjectAsync(_store.GetTagGenerationsAsync(tags, CancellationToken.None));

    public ValueTask<LeaseResult?> AcquireLeaseAsync(LeaseRequest request)
        => _breaker.IsOpen ? default : GuardAsync(_store.AcquireLeaseAsync(request, CancellationToken.None));

    public ValueTask<LeaseResult[]?> AcquireLeasesAsync(IReadOnlyList<LeaseRequest> requests)
        => _breaker.IsOpen ? default : GuardObjectAsync(_store.AcquireLeasesAsync(requests, CancellationToken.None));

    public ValueTask<bool?> RenewLeaseAsync(string key, string nonce, TimeSpan duration)
        => _breaker.IsOpen ? default : GuardAsync(_store.RenewLeaseAsync(key, nonce, duration, CancellationToken.None));

    /// <summary>Any operation, as one: of whatever it consists, it has one soft timeout and counts once.</summary>
    public ValueTask<T?> AskAsync<TState, T>(TState state, Func<ICacheStore, TState, ValueTask<T>> operation)
        where T : struct
        => _breaker.IsOpen ? default : GuardAsync(operation(_store, state));

    /// <inheritdoc cref="AskAsync{TState, T}(TState, Func{ICacheStore, TState, ValueTask{T}})"/>
    public ValueTask<T?> AskForObjectAsync<TState, T>(TState state, Func<ICacheStore, TState, ValueTask<T>> operation)
        where T : class
        => _breaker.IsOpen ? default : GuardObjectAsync(operation(_store, state));

    public async ValueTask ReleaseLeaseAsync(string key, string nonce)
    {
        if (_breaker.IsOpen) return; // it runs out by itself
        await GuardAsync(ReleaseAsync()).ConfigureAwait(false);

        async ValueTask<bool> ReleaseAsync()
        {
            await _store.ReleaseLeaseAsync(key, nonce, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
    }

    public ValueTask DisposeAsync() => _breaker.DisposeAsync();

    /// <summary>One operation whose outcome decides over the breaker; throws if the store does not answer in time.</summary>
    private async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        var asked = _store.GetTagGenerationsAsync([Tags.TagTable.Wildcard], cancellationToken).AsTask();
        Unobserved.Ignore(asked);
        try
        {
            await asked.WaitAsync(_softTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (CacheStoreException refusal) when (refusal.IsRefusal)
        {
            // That is an answer too: this node may not ask so much.
        }
    }

    private ValueTask<T?> GuardAsync<T>(ValueTask<T> operation)
        where T : struct
    {
        if (!operation.IsCompletedSuccessfully) return WaitAsync(operation.AsTask(), static result => (T?)result);
        return new(Succeeded(operation.Result));
    }

    private ValueTask<T?> GuardObjectAsync<T>(ValueTask<T> operation)
        where T : class
    {
        if (!operation.IsCompletedSuccessfully) return WaitAsync(operation.AsTask(), static result => (T?)result);
        return new(Succeeded(operation.Result));
    }

    private async ValueTask<TAnswer?> WaitAsync<T, TAnswer>(Task<T> task, Func<T, TAnswer?> answer)
    {
        try
        {
            if (await _waits.EndsInTimeAsync(task).ConfigureAwait(false)) return answer(Succeeded(await task.ConfigureAwait(false)));
            TimedOut(task);
        }
        catch (Exception failure) when (IsLoss(failure))
        {
            Failed(failure);
        }

        return default;
    }

    /// <summary>Losing L2 is not an error of the caller: it is counted here.</summary>
    private static bool IsLoss(Exception failure) => failure is CacheStoreException or TimeoutException or OperationCanceledException or ObjectDisposedException;

    private T Succeeded<T>(T result)
    {
        _breaker.Succeeded();
        return result;
    }

    private void TimedOut(Task task)
    {
        Unobserved.Ignore(task);
        _metrics.StoreFailure("timeout");
        Log.StoreSlow(_logger, _store.Name, _softTimeout.TotalMilliseconds);
        _breaker.Failed();
    }

    private void Failed(Exception failure)
    {
        if (failure is CacheStoreException { IsRefusal: true } refusal)
        {
            _metrics.StoreFailure("refused");
            Log.StoreRefused(_logger, _store.Name, refusal);
            _breaker.Succeeded();
            return;
        }

        _metrics.StoreFailure("error");
        Log.StoreFailed(_logger, _store.Name, failure);
        _breaker.Failed();
    }
}
