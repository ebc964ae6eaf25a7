namespace Kessan.Caching;

/// <summary>Where an answer came from.</summary>
public enum CacheLayer
{
    /// <summary>Nowhere: nothing was found.</summary>
    None = 0,

    /// <summary>The first layer, in this process.</summary>
    L1 = 1,

    /// <summary>The second layer, shared by all nodes.</summary>
    L2 = 2,

    /// <summary>The source itself, in this call or in one that this call joined.</summary>
    Source = 3,
}
