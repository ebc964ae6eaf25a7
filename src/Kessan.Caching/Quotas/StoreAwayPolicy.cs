namespace Kessan.Caching.Quotas;

/// <summary>What becomes of a charge while the store is away.</summary>
public enum StoreAwayPolicy
{
    /// <summary>This node counts by itself, from what it last knew, and hands its count in when the store is back.</summary>
    LocalCount = 0,

    /// <summary>It is refused.</summary>
    Deny = 1,
}
