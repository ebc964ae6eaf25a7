namespace Kessan.Caching.Quotas;

/// <summary>How a quota stands in the store.</summary>
/// <param name="IsCharged">Whether the charge was made; <see langword="false"/> for one over the limit, and for a mere question.</param>
/// <param name="Usage">What the counter shows; 0 when no window is under way.</param>
/// <param name="Reset">Time until the window ends; zero when none is under way.</param>
public readonly record struct QuotaReading(bool IsCharged, long Usage, TimeSpan Reset);
