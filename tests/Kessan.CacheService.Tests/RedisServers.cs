using Kessan.CacheHost.Tests;
using Kessan.EmbeddedRedis;
using Kessan.Testing.Redis;

[assembly: AssemblyFixture(typeof(RedisServers))]

namespace Kessan.CacheHost.Tests;

/// <summary>The real servers that tests share, each started when the first test asks. A test that breaks its server starts one of its own.</summary>
public sealed class RedisServers : IAsyncDisposable
{
    private readonly Lazy<Task<RedisServerProcess>> _single = new(() => RedisServerProcess.StartAsync());
    private readonly Lazy<Task<RedisClusterProcesses>> _cluster = new(RedisClusterProcesses.StartAsync);
    private readonly Lazy<Task<EmbeddedRedisServer>> _embedded = new(() => EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions()));

    /// <summary>The settings with which a service finds a server: <c>single</c>, <c>cluster</c> or <c>embedded</c>.</summary>
    internal async Task<Dictionary<string, string?>> SettingsAsync(string kind) => kind switch
    {
        "embedded" => Patient((await _embedded.Value).ConnectionString),
        "cluster" => Patient(string.Join(',', (await WithServer(_cluster)).Servers.Select(server => server.Address))),
        _ => Patient((await WithServer(_single)).Address),
    };

    internal static Dictionary<string, string?> Settings(string address) => new() { ["ConnectionStrings:redis"] = address };

    /// <summary>The same for a machine under load, which must not make a write end as one that only this node holds.</summary>
    internal static Dictionary<string, string?> Patient(string address) => new(Settings($"{address},connectTimeout=10000,syncTimeout=10000,asyncTimeout=10000"))
    {
        ["Kessan:Cache:L2SoftTimeout"] = "00:00:10",
    };

    /// <summary>Skips the test on a machine without redis-server.</summary>
    internal static void SkipWithoutServer() => Assert.SkipWhen(RedisServerProcess.Missing is not null, RedisServerProcess.Missing ?? "");

    public async ValueTask DisposeAsync()
    {
        if (_single.IsValueCreated) await (await _single.Value).DisposeAsync();
        if (_cluster.IsValueCreated) await (await _cluster.Value).DisposeAsync();
        if (_embedded.IsValueCreated) await (await _embedded.Value).DisposeAsync();
    }

    private static Task<T> WithServer<T>(Lazy<Task<T>> server)
    {
        SkipWithoutServer();
        return server.Value;
    }
}
