namespace Kessan.Caching.Quotas;

/// <summary>How a user's quota stands. Immutable.</summary>
/// <param name="IsAllowed">Whether the call may go on; for a mere question, whether one more would be.</param>
/// <param name="Usage">What was charged in this window.</param>
/// <param name="Limit">The limit; <see langword="null"/>: none.</param>
/// <param name="Reset">Time until the window ends; the whole window when none is under way.</param>
/// <param name="IsLocal">The store is away (or there is none): this is what this node alone knows.</param>
public readonly record struct QuotaStatus(bool IsAllowed, long Usage, long? Limit, TimeSpan Reset, bool IsLocal)
{
    /// <summary>What is left; <see langword="null"/> without a limit.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, limit - Usage) : null;
}
