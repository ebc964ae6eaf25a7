namespace Kessan.Caching.Quotas;

/// <summary>The time over which calls are counted, from a user's first one.</summary>
public enum QuotaWindow
{
    /// <summary>One minute; <c>minute</c> in keys and addresses.</summary>
    Minute = 0,

    /// <summary>One hour; <c>hourly</c>.</summary>
    Hourly = 1,

    /// <summary>One day, unless configured (<c>Kessan:Cache:Lifetimes:ApiQuota:Fresh</c>); <c>daily</c>.</summary>
    Daily = 2,
}
