namespace Kessan.Caching.Local;

/// <summary>What an L1 entry is good for at this moment.</summary>
internal enum LocalVerdict
{
    /// <summary>Invalidated or past everything: it goes.</summary>
    Useless,

    /// <summary>Not to be given out as it is: to be confirmed by the store, or kept as a stale answer.</summary>
    Held,

    /// <summary>Past its fresh life, but its source failed a moment ago: given without asking it again.</summary>
    Stale,

    /// <summary>Fresh, but the store is away and cannot confirm it.</summary>
    Unverified,

    /// <summary>Fresh, and near enough to its end to draw for an early refresh.</summary>
    Ending,

    /// <summary>Fresh.</summary>
    Hit,
}
