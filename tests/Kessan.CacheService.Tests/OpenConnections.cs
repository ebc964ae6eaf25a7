using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Kessan.CacheHost.Tests;

/// <summary>The connections of one replica, so that a test can break them all at once.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();
    private volatile bool _areBroken;

    /// <summary>Part of the way that each connection goes.</summary>
    public ConnectionDelegate Then(ConnectionDelegate next) => async connection =>
    {
        _open[connection] = true;
        if (_areBroken) connection.Abort();
        else await next(connection);
        _open.TryRemove(connection, out _);
    };

    /// <summary>Breaks those there are and those that come: nothing is sent on them any more.</summary>
    public void Break()
    {
        _areBroken = true;
        foreach (var connection in _open.Keys) connection.Abort();
    }
}
