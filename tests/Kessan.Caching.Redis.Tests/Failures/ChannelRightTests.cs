using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>A user who may not subscribe, to one channel or for a while.</summary>
public sealed class ChannelRightTests : IAsyncLifetime
{
    private readonly RecordingSubscriber _heard = new();
    private RedisServerProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Address => $"{_server.Address},user=kessan,password=secret";

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync();
        _server.Ask("ACL", "SETUSER", "kessan", "on", ">secret", "~*", "resetchannels", "&kessan:messages", "+@all", "-@admin", "-@dangerous", "+info");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    // The client subscribes again by itself, but does not hear that it was refused.
    [Fact]
    public async Task RightTakenAndGivenBack_ChannelIsHeardAgain()
    {
        await using var store = await RedisNodes.OpenPatientAsync(Address, options => options.HeartbeatInterval = TimeSpan.FromMilliseconds(100));
        await using var subscription = store.Subscribe(_heard);
        await Eventually.HoldsAsync(() => _heard.Alive > 0);

        _server.Ask("ACL", "SETUSER", "kessan", "resetchannels");
        await Eventually.HoldsAsync(() => _heard.Lost > 0 && (_server.Ask("ACL", "LOG") as object?[])!.Length > 0);
        _server.Ask("ACL", "SETUSER", "kessan", "&kessan:messages");
        var alive = _heard.Alive;

        await Eventually.HoldsAsync(() => _heard.Alive > alive, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task NotificationsForbidden_ChannelIsHeardAllTheSame()
    {
        await using var store = await RedisNodes.OpenPatientAsync(Address, options => options.KeyspaceNotifications = true);
        await using var subscription = store.Subscribe(_heard);

        await Eventually.HoldsAsync(() => _heard.Alive > 0);
        await store.SetAsync(new("k", new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) }), Token);
        await _heard.NextAsync(StoreMessageKind.Set, "k");
    }
}
