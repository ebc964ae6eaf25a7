namespace Kessan.Caching.Storage;

/// <summary>
/// One item of a batch that travels as <see cref="StoredEntryFormat.MediaType"/>: a question or an answer about one key, with its entry
/// where there is one. Which fields mean something depends on the operation.
/// </summary>
/// <param name="Key">The key; answers have the order of the questions and leave it empty.</param>
public readonly record struct StoredEntryFrame(string Key)
{
    /// <summary>
    /// The condition of a write (<see cref="WriteConditionKind"/>), the outcome of a lease (<see cref="LeaseOutcome"/>), or 1 for a write
    /// that was stored and a removal that found something.
    /// </summary>
    public byte Code { get; init; }

    /// <summary>See <see cref="StoreReading.TagsVerified"/>.</summary>
    public bool TagsVerified { get; init; }

    /// <summary>A version: the one compared with, not wanted, issued, or found.</summary>
    public long Version { get; init; }

    /// <summary>How long a lease is to last, or has left; in whole milliseconds, up to 49 days.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The nonce of a lease.</summary>
    public string? Nonce { get; init; }

    /// <summary>The entry, if there is one.</summary>
    public StoredEntry? Entry { get; init; }
}
