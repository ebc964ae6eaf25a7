namespace Kessan.CacheHost.Overload;

/// <summary>Which cap a request counts against.</summary>
internal enum LoadClass
{
    /// <summary>A request that is answered at once.</summary>
    Request = 0,

    /// <summary>A wait for somebody else's lease: it costs no work, and must not keep requests out.</summary>
    LeaseWait = 1,

    /// <summary>An event stream.</summary>
    EventStream = 2,
}
