using System.Diagnostics.Metrics;
using Kessan.Caching.Access;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Storage;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Quotas;

/// <summary>
/// Counts calls against quotas: in the store, exactly and for all nodes; while the store is away by itself, saying so, and without letting
/// a caller wait.
/// </summary>
/// <remarks>
/// Each charge to the store has a name, so that one whose outcome was not heard is sent again without being made twice. What was granted
/// meanwhile is handed in with the next charge or question of the same user, or when the host asks for it, if the window has not ended. Safe
/// for concurrent use.
/// </remarks>
internal sealed class QuotaKeeper : IDisposable
{
    private const long HighestCost = 1_000_000;
    private const int LongestName = 128;
    private const int MostAtOnce = 100; // counters that are handed in at a time

    private static readonly TimeSpan ShortestMemory = TimeSpan.FromSeconds(1);

    // A name that nobody chose lets this node send a charge again whose outcome it did not hear; it does so when the store is back.
    private static readonly TimeSpan OwnNames = TimeSpan.FromMinutes(10);

    private readonly IQuotaStore? _store;
    private readonly StoreAccessor? _layer;
    private readonly CacheKeyBuilder _keys;
    private readonly CacheTtlPolicy _policy;
    private readonly QuotaOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _softTimeout;
    private readonly LocalQuotas _local;
    private readonly Meter _meter;
    private readonly Counter<long> _used;

    public QuotaKeeper(
        IQuotaStore? store, CacheNode node, CacheKeyBuilder keys, CacheTtlPolicy policy, QuotaOptions options, IMeterFactory? meters)
    {
        _store = store;
        _layer = node.Store;
        _keys = keys;
        _policy = policy;
        _options = options;
        _time = node.Time;
        _softTimeout = node.Options.L2SoftTimeout;
        _local = new LocalQuotas(options.MaximumLocalCounters);
        _meter = meters?.Create(CacheMetrics.Name) ?? new Meter(CacheMetrics.Name);
        _used = _meter.CreateCounter<long>("kessan.quota.used", "{request}", "Cost of charges, by window and outcome: charged, refused, local.");
    }

    /// <summary>Charges a quota.</summary>
    public async ValueTask<QuotaStatus> ChargeAsync(
        string user, QuotaWindow window, long cost, long? limit, string? idempotencyKey, TimeSpan? idempotencyLifetime, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, HighestCost);
        if (limit is { } given) ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(limit));
        CheckName(idempotencyKey);
        if (idempotencyLifetime is { } lifetime) ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, ShortestMemory, nameof(idempotencyLifetime));
        var charge = Quota(user, window) with
        {
            Cost = cost,
            Limit = Lower(_options.LimitOf(window), limit) ?? long.MaxValue,
            Nonce = idempotencyKey ?? Guid.NewGuid().ToString("N"),
            NonceLifetime = idempotencyKey is null ? OwnNames : idempotencyLifetime,
        };

        var status = await ChargeAsync(charge, isNamed: idempotencyKey is not null, cancellationToken).ConfigureAwait(false);
        var outcome = !status.IsAllowed ? "refused" : status.IsLocal ? "local" : "charged";
        _used.Add(cost, new("window", QuotaWindows.NameOf(window)), new("outcome", outcome));
        return status;
    }

    /// <summary>Tells how a quota stands.</summary>
    public async ValueTask<QuotaStatus> ReadAsync(string user, QuotaWindow window, long? limit, CancellationToken cancellationToken)
    {
        var quota = Quota(user, window) with { Limit = Lower(_options.LimitOf(window), limit) ?? long.MaxValue };
        await HandInAsync(quota, cancellationToken).ConfigureAwait(false);
        var (reading, _) = await TryAsync((store, token) => store.ReadAsync(quota, token), cancellationToken).ConfigureAwait(false);
        if (reading is { } known)
        {
            Know(quota, known);
            return Status(quota, known.Usage < quota.Limit, known.Usage, known.Reset, isLocal: false);
        }

        var now = _time.GetUtcNow();
        var (usage, reset) = _local.Find(quota, now) is { } local ? Look(local, now) : default;
        return Status(quota, _options.WhenStoreAway == StoreAwayPolicy.LocalCount && usage < quota.Limit, usage, reset, isLocal: true);
    }

    /// <summary>How many counters have charges that this node granted by itself and has not handed in; 0 without a store, which nobody waits for.</summary>
    public int CountPending() => _store is null ? 0 : _local.Pending(_time.GetUtcNow()).Count;

    /// <summary>Hands in what this node granted by itself, of all users.</summary>
    /// <returns>Whether the store has heard of everything.</returns>
    public async ValueTask<bool> TryHandInAsync(CancellationToken cancellationToken)
    {
        if (_store is null) return true;
        _layer?.Breaker.Hint(); // nobody may ask the store any more, who would find out that it is back
        try
        {
            foreach (var some in _local.Pending(_time.GetUtcNow()).Chunk(MostAtOnce))
            {
                await Task.WhenAll(some.Select(quota => HandInAsync(quota, cancellationToken).AsTask())).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was handed in counts.
        }

        return CountPending() == 0;
    }

    public void Dispose() => _meter.Dispose();

    private async ValueTask<QuotaStatus> ChargeAsync(QuotaCharge charge, bool isNamed, CancellationToken cancellationToken)
    {
        await HandInAsync(charge, cancellationToken).ConfigureAwait(false);
        var (reading, wasSent) = await TryAsync((store, token) => store.ChargeAsync(charge, token), cancellationToken).ConfigureAwait(false);
        if (reading is { } charged)
        {
            Know(charge, charged);
            return Status(charge, charged.IsCharged, charged.Usage, charged.Reset, isLocal: false);
        }

        var now = _time.GetUtcNow();
        var local = _local.Find(charge, now);
        if (_options.WhenStoreAway == StoreAwayPolicy.Deny)
        {
            var (usage, reset) = local is null ? default : Look(local, now);
            return Status(charge, isAllowed: false, usage, reset, isLocal: true);
        }

        if (local is null) return Status(charge, charge.Cost <= charge.Limit, charge.Cost, charge.Length, isLocal: true);
        lock (local)
        {
            local.Open(now);

            // A name that nobody knows and that was never sent is not worth remembering: such charges are added up.
            var isAllowed = local.TryCharge(wasSent || isNamed ? charge : charge with { Nonce = null }, wasSent, now);
            return Status(charge, isAllowed, local.Usage, local.End - now, isLocal: true);
        }
    }

    /// <summary>
    /// Hands in what this node granted by itself: one caller does it, for all. None waits longer than the soft timeout, however many names there
    /// are; the rest is handed in behind its back.
    /// </summary>
    private async ValueTask HandInAsync(QuotaCharge quota, CancellationToken cancellationToken)
    {
        if (_store is null || _layer is { IsAvailable: false }) return;
        var now = _time.GetUtcNow();
        if (_local.Find(quota, now) is not { } local) return;
        KeyValuePair<string, long>[] pending = [];
        Task handingIn;
        TaskCompletionSource? done = null;
        lock (local)
        {
            if (local.HandingIn is { } already)
            {
                handingIn = already;
            }
            else
            {
                local.Open(now);
                pending = local.TakePending();
                if (pending.Length == 0) return;
                done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                local.HandingIn = handingIn = done.Task;
            }
        }

        if (done is not null) _ = HandInAsync(local, quota, pending, done);
        await handingIn.WaitAsync(_softTimeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task HandInAsync(LocalQuota local, QuotaCharge quota, KeyValuePair<string, long>[] pending, TaskCompletionSource done)
    {
        try
        {
            foreach (var (nonce, cost) in pending)
            {
                var granted = quota with { Cost = cost, Limit = long.MaxValue, Nonce = nonce, NonceLifetime = null, IsGranted = true };
                var (reading, _) = await TryAsync((store, token) => store.ChargeAsync(granted, token), CancellationToken.None).ConfigureAwait(false);
                if (reading is null) return;
                lock (local) local.Settle(nonce);
            }
        }
        finally
        {
            lock (local) local.HandingIn = null;
            done.SetResult();
        }
    }

    /// <summary>Asks the store, at most the soft timeout. Losing it is not an error of the caller: it opens the breaker, and the node counts.</summary>
    private async ValueTask<(QuotaReading? Reading, bool WasSent)> TryAsync(
        Func<IQuotaStore, CancellationToken, ValueTask<QuotaReading>> ask, CancellationToken cancellationToken)
    {
        if (_store is null || _layer is { IsAvailable: false }) return (null, false);
        try
        {
            var asked = ask(_store, CancellationToken.None).AsTask();
            if (!asked.IsCompleted) Unobserved.Ignore(asked); // it goes on when nobody waits any more
            var reading = await asked.WaitAsync(_softTimeout, _time, cancellationToken).ConfigureAwait(false);
            _layer?.Breaker.Succeeded();
            return (reading, true);
        }
        catch (Exception failure) when (failure is CacheStoreException or TimeoutException or ObjectDisposedException)
        {
            if (failure is CacheStoreException { IsRefusal: true }) _layer?.Breaker.Succeeded(); // it answers: only this it does not take
            else _layer?.Breaker.Failed();
            return (null, true);
        }
    }

    private void Know(QuotaCharge quota, QuotaReading reading)
    {
        var now = _time.GetUtcNow();
        if (_local.Find(quota, now) is not { } local) return;
        lock (local)
        {
            local.Open(now);
            local.Know(reading, now);
        }
    }

    private static (long Usage, TimeSpan Reset) Look(LocalQuota local, DateTimeOffset now)
    {
        lock (local)
        {
            local.Open(now);
            return (local.Usage, local.End > now ? local.End - now : default);
        }
    }

    private QuotaCharge Quota(string user, QuotaWindow window)
    {
        var key = _keys.ApiQuota(user, QuotaWindows.NameOf(window));
        return new QuotaCharge(key, user, window, _policy.ForKey(key)!.Fresh);
    }

    private static QuotaStatus Status(QuotaCharge quota, bool isAllowed, long usage, TimeSpan reset, bool isLocal) => new(
        isAllowed, usage, quota.Limit == long.MaxValue ? null : quota.Limit, reset > TimeSpan.Zero ? reset : quota.Length, isLocal);

    private static void CheckName(string? idempotencyKey)
    {
        if (idempotencyKey is null) return;
        if (idempotencyKey.Length is 0 or > LongestName || idempotencyKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException(
                $"An idempotency key has 1 to {LongestName} printable ASCII characters, not these {idempotencyKey.Length}.", nameof(idempotencyKey));
        }
    }

    private static long? Lower(long? configured, long? asked) => (configured, asked) switch
    {
        ({ } one, { } other) => Math.Min(one, other),
        _ => configured ?? asked,
    };
}
