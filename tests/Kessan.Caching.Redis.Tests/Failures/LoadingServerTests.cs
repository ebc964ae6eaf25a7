using System.Collections.Concurrent;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>A server that was restarted with its data: while it reads them in, it publishes, but runs no script.</summary>
public sealed class LoadingServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServerLoads_ChannelIsProvedOnlyAfterTheServerIsKnownToBeAnother()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync("--key-load-delay", "15000", "--loading-process-events-interval-bytes", "1024");
        for (var i = 0; i < 200; i++) server.Ask("SET", $"k{i}", new string('x', 1000));
        server.Ask("SAVE");
        await using var store = await RedisNodes.OpenAsync(server.Address, options => options.HeartbeatInterval = TimeSpan.FromMilliseconds(200));
        var heard = new Order();
        await using var subscription = store.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Calls.Contains("alive"));

        await server.KillAsync();
        await Eventually.HoldsAsync(() => heard.Calls.Contains("lost"));
        var before = heard.Calls.Count;
        await server.StartAsync(); // it takes 200 x 15 ms to load
        await Eventually.HoldsAsync(() => heard.Calls.Skip(before).Contains("alive"));

        Assert.Equal(["changed", "alive"], heard.Calls.Skip(before).Where(call => call != "lost").Take(2));
    }

    private sealed class Order : IStoreSubscriber
    {
        public ConcurrentQueue<string> Calls { get; } = [];

        public void OnMessage(in StoreMessage message)
        {
        }

        public void OnAlive(TimeSpan age) => Calls.Enqueue("alive");

        public void OnLost() => Calls.Enqueue("lost");

        public void OnServerChanged() => Calls.Enqueue("changed");
    }
}
