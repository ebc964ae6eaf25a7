using Kessan.EmbeddedRedis;
using Kessan.Testing;
using Kessan.Testing.Redis;

namespace Kessan.CacheHost.Tests.Health;

/// <summary>A server of one test's own, of any kind, that goes away or stops answering, and comes back at the same address.</summary>
internal sealed class BreakableRedis : IAsyncDisposable
{
    private readonly Func<ValueTask> _dispose;

    private BreakableRedis(Dictionary<string, string?> settings, Func<Task> @break, Func<Task> mend, Func<ValueTask> dispose)
    {
        Settings = settings;
        BreakAsync = @break;
        MendAsync = mend;
        _dispose = dispose;
    }

    /// <summary>The settings with which a service finds it.</summary>
    public Dictionary<string, string?> Settings { get; }

    public Func<Task> BreakAsync { get; }

    public Func<Task> MendAsync { get; }

    public static async Task<BreakableRedis> StartAsync(string kind, bool isSlow)
    {
        if (kind == "embedded") return isSlow ? await SlowEmbeddedAsync() : await EmbeddedAsync();
        RedisServers.SkipWithoutServer();
        return kind == "cluster" ? await ClusterAsync(isSlow) : await SingleAsync(isSlow);
    }

    public ValueTask DisposeAsync() => _dispose();

    private static async Task<BreakableRedis> SingleAsync(bool isSlow)
    {
        var server = await RedisServerProcess.StartAsync();
        return Of(RedisServers.Settings(server.Address), [server], isSlow, server.DisposeAsync);
    }

    private static async Task<BreakableRedis> ClusterAsync(bool isSlow)
    {
        var cluster = await RedisClusterProcesses.StartAsync();
        return Of(new() { ["REDIS_CLUSTER_NODES"] = cluster.Nodes }, cluster.Servers, isSlow, cluster.DisposeAsync);
    }

    private static BreakableRedis Of(
        Dictionary<string, string?> settings, IReadOnlyList<RedisServerProcess> servers, bool isSlow, Func<ValueTask> dispose)
    {
        return isSlow
            ? new(settings, () => All(server => server.Pause()), () => All(server => server.Resume()), dispose)
            : new(settings, () => Task.WhenAll(servers.Select(server => server.KillAsync())), () => Task.WhenAll(servers.Select(server => server.StartAsync())), dispose);

        Task All(Action<RedisServerProcess> action)
        {
            foreach (var server in servers) action(server);
            return Task.CompletedTask;
        }
    }

    private static async Task<BreakableRedis> EmbeddedAsync()
    {
        var server = await StartEmbeddedAsync(TestPorts.Next());
        return new(
            RedisServers.Settings(server.ConnectionString),
            async () => await server.DisposeAsync(),
            async () => server = await StartEmbeddedAsync(server.Port),
            () => server.DisposeAsync());
    }

    // It takes its memory at once, and other tests measure the process's.
    private static Task<EmbeddedRedisServer> StartEmbeddedAsync(int port = 0) => EmbeddedRedisServer.StartAsync(new() { Port = port, MemoryLimit = 16 << 20 });

    private static async Task<BreakableRedis> SlowEmbeddedAsync()
    {
        var server = await StartEmbeddedAsync();
        var proxy = new LossyProxy(server.Port);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new(
            RedisServers.Settings(proxy.Address),
            () => Task.FromResult(proxy.Gate = gate.Task),
            () =>
            {
                proxy.Gate = Task.CompletedTask;
                gate.SetResult();
                return Task.CompletedTask;
            },
            async () =>
            {
                await proxy.DisposeAsync();
                await server.DisposeAsync();
            });
    }
}
