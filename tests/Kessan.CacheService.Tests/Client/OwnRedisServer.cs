using Kessan.Testing.Redis;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>A redis-server that only the tests of one class use, one after the other: a contract counts every message that there is.</summary>
public sealed class OwnRedisServer : IAsyncLifetime
{
    private RedisServerProcess? _server;

    internal string Address => _server!.Address;

    public async ValueTask InitializeAsync()
    {
        if (RedisServerProcess.Missing is null) _server = await RedisServerProcess.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
