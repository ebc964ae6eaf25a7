namespace Kessan.CacheHost.Security;

/// <summary>What an API key allows. The scopes do not include each other: a key names each that it needs.</summary>
[Flags]
public enum AccessScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reading: every GET and HEAD, events, and the batches that only read.</summary>
    Read = 1,

    /// <summary>Changing single entries, tags, stocks, sessions, quotas and leases.</summary>
    Write = 2,

    /// <summary>The rows that reach beyond single entries: patterns, the tag <c>*</c>, maintenance.</summary>
    Admin = 4,
}
