using Kessan.Caching.Redis.Tests;
using Kessan.EmbeddedRedis;
using Kessan.Testing.Redis;

[assembly: AssemblyFixture(typeof(RedisServers))]

namespace Kessan.Caching.Redis.Tests;

/// <summary>The servers that tests share, each started when the first test asks. A test that breaks its server starts one of its own.</summary>
public sealed class RedisServers : IAsyncDisposable
{
    private readonly Lazy<Task<RedisServerProcess>> _single = new(() => RedisServerProcess.StartAsync());
    private readonly Lazy<Task<RedisClusterProcesses>> _cluster = new(RedisClusterProcesses.StartAsync);
    private readonly Lazy<Task<EmbeddedRedisServer>> _embedded = new(() => EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions()));

    public Task<RedisServerProcess> SingleAsync()
    {
        SkipWithoutServer();
        return _single.Value;
    }

    public Task<RedisClusterProcesses> ClusterAsync()
    {
        SkipWithoutServer();
        return _cluster.Value;
    }

    public Task<EmbeddedRedisServer> EmbeddedAsync() => _embedded.Value;

    /// <summary>Skips the test on a machine without redis-server.</summary>
    public static void SkipWithoutServer() => Assert.SkipWhen(RedisServerProcess.Missing is not null, RedisServerProcess.Missing ?? "");

    public async ValueTask DisposeAsync()
    {
        if (_single.IsValueCreated) await (await _single.Value).DisposeAsync();
        if (_cluster.IsValueCreated) await (await _cluster.Value).DisposeAsync();
        if (_embedded.IsValueCreated) await (await _embedded.Value).DisposeAsync();
    }
}
