using Kessan.Caching.Sessions;

namespace Kessan.Caching;

// Sessions: in the store only, never in L1.
public sealed partial class CacheService
{
    private readonly SessionKeeper _sessions;

    /// <summary>Reads a user's session and prolongs it (30 minutes from now, 12 hours from its beginning, unless configured).</summary>
    /// <typeparam name="T">The type of its content.</typeparam>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<SessionReading<T>> GetSessionAsync<T>(string user, CancellationToken cancellationToken = default)
        => _sessions.ReadAsync<T>(user, cancellationToken);

    /// <summary>Writes a user's session; one that exists keeps its beginning.</summary>
    /// <typeparam name="T">The type of its content.</typeparam>
    /// <param name="user">The user.</param>
    /// <param name="session">The content.</param>
    /// <param name="version">
    /// The version that is replaced, from <see cref="SessionReading{T}.Version"/>: the write is refused if the session has changed since. 0:
    /// there must be none. Default: whatever is there.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<SessionWrite> SetSessionAsync<T>(string user, T session, long? version = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return _sessions.WriteAsync(user, session, version, cancellationToken);
    }

    /// <summary>Ends a user's session.</summary>
    /// <returns>Whether there was one; <see langword="null"/>: the store is away, and the session is ended when it is back.</returns>
    public ValueTask<bool?> RemoveSessionAsync(string user, CancellationToken cancellationToken = default)
        => _sessions.RemoveAsync(user, cancellationToken);
}
