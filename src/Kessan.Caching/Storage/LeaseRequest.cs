namespace Kessan.Caching.Storage;

/// <summary>A request for the right to fill a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Nonce">Who asks: a unique, printable string of at most 64 characters. Asking again with it is safe.</param>
/// <param name="Duration">How long the lease lasts if it is not renewed.</param>
public readonly record struct LeaseRequest(string Key, string Nonce, TimeSpan Duration)
{
    /// <summary>
    /// A stored entry of this version or an older one is no good to the caller (a tag was invalidated, or it is to be refreshed
    /// early) and is treated as absent. 0: any entry that is still fresh is answered instead of a lease;
    /// <see cref="long.MaxValue"/>: none is.
    /// </summary>
    public long UnwantedVersion { get; init; }
}
