namespace Kessan.Caching;

/// <summary>
/// What a source may say about the value it makes, so that the lifetime can follow from the value. One per call of a source; not
/// safe for concurrent use, and without effect after the source has returned.
/// </summary>
public sealed class CacheFillContext
{
    internal CacheFillContext(string key, TimeSpan expiration, TimeSpan staleWindow)
    {
        Key = key;
        Expiration = expiration;
        StaleWindow = staleWindow;
    }

    /// <summary>The key that is being filled; empty when one call fills many, which can then only shorten what follows from each key.</summary>
    public string Key { get; }

    /// <summary>The fresh lifetime; what the options and the policy say until it is changed. Zero or less: the value is not cached.</summary>
    public TimeSpan Expiration { get; set; }

    /// <summary>The stale window; what the options and the policy say until it is changed.</summary>
    public TimeSpan StaleWindow { get; set; }

    /// <summary>The source of many keys had nothing for this one.</summary>
    internal bool IsMissing { get; set; }
}
