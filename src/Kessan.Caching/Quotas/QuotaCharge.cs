namespace Kessan.Caching.Quotas;

/// <summary>A charge to a quota, or the question how it stands.</summary>
/// <param name="Key">The key of the counter: <c>api_quota:{user}:{window}</c>, as the key builder writes it.</param>
/// <param name="User">The user, as the caller named it.</param>
/// <param name="Window">The window.</param>
/// <param name="Length">How long the window lasts from the first charge; at least 1 s.</param>
public readonly record struct QuotaCharge(string Key, string User, QuotaWindow Window, TimeSpan Length)
{
    /// <summary>How many names of charges a counter remembers.</summary>
    public const int MostNames = 100_000;

    /// <summary>What to charge.</summary>
    /// <value>1 to 1,000,000; more only when a node hands in what it counted while the store was away. Default: 1.</value>
    public long Cost { get; init; } = 1;

    /// <summary>The most that the counter may show afterwards; a charge over it is refused and charges nothing.</summary>
    /// <value>0 and more. Default: no limit.</value>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>
    /// Names the charge, so that sending it again charges nothing: the store remembers it and answers that it is charged. A refusal
    /// charged nothing and is not remembered: sent again, it is judged again. Printable, at most 128 characters.
    /// </summary>
    /// <remarks>
    /// A counter remembers <see cref="MostNames"/> names; past that those are forgotten first that were to be remembered for the shortest time.
    /// </remarks>
    /// <value>Default: none.</value>
    public string? Nonce { get; init; }

    /// <summary>How long <see cref="Nonce"/> is remembered.</summary>
    /// <value>1 s and more. Default: until the window ends.</value>
    public TimeSpan? NonceLifetime { get; init; }

    /// <summary>
    /// A node granted this by itself while the store was away, and hands it in: it counts whatever limit the store's side has of its own.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsGranted { get; init; }
}
