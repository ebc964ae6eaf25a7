using Kessan.Caching.Quotas;

namespace Kessan.Caching;

// Quotas: not cache, but counters in the same store.
public sealed partial class CacheService
{
    private readonly QuotaKeeper _quotas;

    /// <summary>Charges a user's quota and tells how it stands: exact to the unit over all nodes while the store answers.</summary>
    /// <param name="user">The user.</param>
    /// <param name="window">Over which time the calls are counted, from the first one.</param>
    /// <param name="cost">What to charge; 1 to 1,000,000. A charge past the limit is refused and charges nothing.</param>
    /// <param name="limit">A limit below the configured one (<see cref="QuotaOptions"/>); 0 and more. Default: the configured one.</param>
    /// <param name="idempotencyKey">Names the charge: charging again under it in the same window charges nothing. Default: none.</param>
    /// <param name="idempotencyLifetime">How long that name is remembered; 1 s and more. Default: until the window ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Whether the call may go on. With the store away the answer is this node's own count and says so
    /// (<see cref="QuotaStatus.IsLocal"/>), or a refusal, as <see cref="QuotaOptions.WhenStoreAway"/> says.
    /// </returns>
    public ValueTask<QuotaStatus> TrackQuotaAsync(
        string user,
        QuotaWindow window,
        long cost = 1,
        long? limit = null,
        string? idempotencyKey = null,
        TimeSpan? idempotencyLifetime = null,
        CancellationToken cancellationToken = default)
        => _quotas.ChargeAsync(user, window, cost, limit, idempotencyKey, idempotencyLifetime, cancellationToken);

    /// <summary>Tells how a user's quota stands, without charging it.</summary>
    /// <param name="user">The user.</param>
    /// <param name="window">The window.</param>
    /// <param name="limit">A limit below the configured one. Default: the configured one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<QuotaStatus> GetQuotaAsync(string user, QuotaWindow window, long? limit = null, CancellationToken cancellationToken = default)
        => _quotas.ReadAsync(user, window, limit, cancellationToken);

    /// <summary>Counts the quotas that this node has charged by itself, because the store was away, and has not handed in yet.</summary>
    public int CountPendingQuotas() => _quotas.CountPending();

    /// <summary>
    /// Hands those charges in now, before a node ends; while it runs, each is handed in with the next charge or question of its user.
    /// </summary>
    /// <param name="cancellationToken">Ends the attempt; what was handed in counts.</param>
    /// <returns>Whether the store has heard of all. It does not throw when the store is away.</returns>
    public ValueTask<bool> TryHandInQuotasAsync(CancellationToken cancellationToken = default) => _quotas.TryHandInAsync(cancellationToken);
}
