using System.Globalization;
using System.Text;
using Kessan.Caching.Redis.Backplane;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kessan.Caching.Redis.Tests.Backplane;

/// <summary>What is asked for while a heartbeat hangs is done when it has ended, not an interval later.</summary>
public sealed class HangingHeartbeatTests : IAsyncLifetime
{
    private readonly RecordingSubscriber _heard = new();
    private RedisServerProcess _server = null!;
    private RedisStore _store = null!;
    private IAsyncDisposable _subscription = null!;

    private RedisShard Shard => _store.Connection.Link!.Primaries[0];

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync();
        _store = await RedisNodes.OpenPatientAsync(_server.Address, options => options.HeartbeatInterval = TimeSpan.FromDays(1));
        _subscription = _store.Subscribe(_heard);
        await Eventually.HoldsAsync(() =>
        {
            _store.Pulse.Wake();
            return _heard.Alive > 0 && Shard.HasScripts;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_subscription is not null) await _subscription.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // the heartbeat fails in the end
    public async Task ConnectionRestored_ServerIsAnother_IsSaid(bool mayPublish)
    {
        await HangAsync();
        Shard.RunId = "of the server that was there before";
        _server.Ask("CLIENT", "KILL", "TYPE", "pubsub");
        await Eventually.HoldsAsync(() => _heard.Lost > 0 && Subscribers() == 1);
        if (!mayPublish) _server.Ask("ACL", "SETUSER", "default", "-publish");

        _server.Ask("CLIENT", "UNPAUSE");

        await Eventually.HoldsAsync(() => _heard.ServerChanged == 1);
    }

    [Fact]
    public async Task NumberSkipped_IsPublished()
    {
        await HangAsync();
        long number;
        lock (Shard.Gate) number = Shard.Next();
        Shard.AddVoid(number);
        _store.Pulse.Wake();

        _server.Ask("CLIENT", "UNPAUSE");

        await Eventually.HoldsAsync(() => _heard.Messages.Any(message => message.Kind == StoreMessageKind.Void && message.Sequence == number));
    }

    // Each of them after the answer to the one before would keep the heartbeat back for as many round trips.
    [Fact]
    public async Task ManyNumbersSkipped_AreSentTogether()
    {
        const int Numbers = 300;
        _server.Ask("CLIENT", "PAUSE", 60_000, "WRITE");
        lock (Shard.Gate)
        {
            for (var i = 0; i < Numbers; i++) Shard.AddVoid(Shard.Next());
        }

        var sender = new HeartbeatSender(Encoding.ASCII.GetBytes(_store.NodeId), TimeProvider.System, NullLogger.Instance);
        var sending = sender.SendAsync(_store.Connection.Link!, Shard, Shard.Server);

        await Eventually.HoldsAsync(() => Waiting() > Numbers * 50);
        _server.Ask("CLIENT", "UNPAUSE");
        Assert.True(await sending);
        await Eventually.HoldsAsync(() => _heard.Messages.Count(message => message.Kind == StoreMessageKind.Void) >= Numbers);

        // What the server has received and not yet carried out, in bytes.
        int Waiting() => ((string)_server.Ask("CLIENT", "LIST")!).Split('\n').Where(line => line.Contains(" flags=b ", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split(" qbuf=")[1].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The server answers reads alone, and a heartbeat has been sent to it.</summary>
    private async Task HangAsync()
    {
        _server.Ask("CLIENT", "PAUSE", 60_000, "WRITE");
        await Eventually.HoldsAsync(() =>
        {
            _store.Pulse.Wake(); // no beat while one that was not paused is under way
            return ((string)_server.Ask("CLIENT", "LIST")!).Contains(" flags=b ", StringComparison.Ordinal);
        });
    }

    private long Subscribers() => (long)((object?[])_server.Ask("PUBSUB", "NUMSUB", _store.Connection.Link!.Channel)!)[1]!;
}
