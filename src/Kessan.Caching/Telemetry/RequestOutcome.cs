namespace Kessan.Caching.Telemetry;

/// <summary>How a look-up ended; with the layer and the data type the tags of <c>kessan.cache.requests</c>.</summary>
internal enum RequestOutcome
{
    /// <summary>A fresh value of L1 or L2.</summary>
    Hit,

    /// <summary>A value past its fresh life.</summary>
    Stale,

    /// <summary>A fresh value of L1 that could not be checked because the store is away.</summary>
    Unverified,

    /// <summary>The source ran for this call.</summary>
    Fill,

    /// <summary>The answer came from a fill that another call of this process had begun.</summary>
    Join,

    /// <summary>There is no value, and no source was to be asked.</summary>
    Miss,

    /// <summary>The source failed and there was nothing stale to give.</summary>
    Error,
}
