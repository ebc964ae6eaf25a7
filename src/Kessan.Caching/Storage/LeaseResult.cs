namespace Kessan.Caching.Storage;

/// <summary>The answer to a <see cref="LeaseRequest"/>.</summary>
/// <param name="Outcome">Granted, held by somebody else, or not needed because there is a value.</param>
/// <param name="Remaining">How long the lease (ours or the other's) has left.</param>
/// <param name="Version">
/// The store's version clock at the grant: a change with a lower version happened before it. 0 unless granted.
/// </param>
/// <param name="Reading">The value, if there is one already.</param>
public readonly record struct LeaseResult(LeaseOutcome Outcome, TimeSpan Remaining, long Version, StoreReading Reading);
