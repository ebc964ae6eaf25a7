namespace Kessan.Caching.Sessions;

/// <summary>What a look for a session found.</summary>
public enum SessionStatus
{
    /// <summary>There is none, or it has ended.</summary>
    Missing = 0,

    /// <summary>There is one.</summary>
    Found = 1,

    /// <summary>The store is away (or there is none): nobody knows.</summary>
    Unavailable = 2,
}
