namespace Kessan.Caching.Sessions;

/// <summary>What became of a session's write.</summary>
public enum SessionWriteStatus
{
    /// <summary>It is in the store.</summary>
    Stored = 0,

    /// <summary>The session has another version than the write was made for; nothing was written.</summary>
    Refused = 1,

    /// <summary>The store is away (or there is none); nothing was written.</summary>
    Unavailable = 2,
}
