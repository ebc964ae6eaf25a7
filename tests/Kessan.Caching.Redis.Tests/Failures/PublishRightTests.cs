using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>An ACL user who may write and not publish: nothing may be written silently.</summary>
public sealed class PublishRightTests : IAsyncLifetime
{
    private RedisServerProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync();
        _server.Ask("ACL", "SETUSER", "silent", "on", ">p@ss", "~*", "resetchannels", "+@all");
        _server.Ask("ACL", "SETUSER", "loud", "on", ">p@ss", "~*", "resetchannels", "&kessan:messages", "+@all");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task MayNotPublish_Writes_AreRefusedAndLeaveNothing()
    {
        _server.Ask("SET", "kept", "x", "PX", 100_000);
        await using var store = await RedisNodes.OpenPatientAsync($"redis://silent:p%40ss@{_server.Address}");

        Assert.True((await Assert.ThrowsAsync<CacheStoreException>(() => store.SetAsync(Write("k"), Token).AsTask())).IsRefusal); // it is not away
        await Assert.ThrowsAsync<CacheStoreException>(() => store.RemoveAsync("kept", Token).AsTask());
        await Assert.ThrowsAsync<CacheStoreException>(() => store.RemoveTagsAsync(["stock:1"], Token).AsTask());

        Assert.Equal(0L, _server.Ask("EXISTS", "k", "kessan:tag:stock:1"));
        Assert.Equal(1L, _server.Ask("EXISTS", "kept"));
        Assert.NotNull((await store.GetAsync("kept", StoreReadOptions.Default, Token)).Entry);
    }

    [Fact]
    public async Task MayNotPublish_ThroughTheEngine_EverybodyIsServedAndTheStoreIsRead()
    {
        await using var loud = await RedisNodes.OpenPatientAsync($"redis://loud:p%40ss@{_server.Address}");
        await loud.SetAsync(Write("theirs"), Token);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = RedisNodes.Patient($"{_server.Address},user=silent,password=p@ss");
        builder.Services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseRedis();
        using var host = builder.Build();
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<KessanHybridCache>();
        await Eventually.HoldsAsync(() => host.Services.GetRequiredService<RedisCache>().IsConnected);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i, await cache.GetOrCreateAsync($"own{i}", _ => ValueTask.FromResult(i), cancellationToken: Token));
            await cache.SetAsync($"set{i}", i, cancellationToken: Token);
            await cache.RemoveAsync($"set{i}", Token);
        }

        Assert.Equal("x"u8.ToArray(), (await cache.TryGetAsync<byte[]>("theirs", Token)).Value); // the breaker did not open for what is refused
        Assert.Equal(0L, _server.Ask("EXISTS", "own1", "set1"));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task NoRoomInRedis_Writes_AreRefused_ReadsAndRemovalsGoOn()
    {
        await using var store = await RedisNodes.OpenPatientAsync(_server.Address);
        await store.SetAsync(Write("kept"), Token);
        _server.Ask("CONFIG", "SET", "maxmemory", "1");
        try
        {
            Assert.True((await Assert.ThrowsAsync<CacheStoreException>(() => store.SetAsync(Write("k"), Token).AsTask())).IsRefusal);
            Assert.NotNull((await store.GetAsync("kept", StoreReadOptions.Default, Token)).Entry);
            Assert.True((await store.RemoveAsync("kept", Token)).Existed);
        }
        finally
        {
            _server.Ask("CONFIG", "SET", "maxmemory", "0");
        }
    }

    [Fact]
    public async Task MayNotPublish_TheProbe_FindsOut()
    {
        await using var silent = await RedisNodes.OpenPatientAsync($"redis://silent:p%40ss@{_server.Address}");
        await using var loud = await RedisNodes.OpenPatientAsync($"redis://loud:p%40ss@{_server.Address}");
        var heard = new RecordingSubscriber();
        await using var subscription = loud.Subscribe(heard);

        await Eventually.HoldsAsync(() => silent.Pulse.CanPublish == false);
        await Eventually.HoldsAsync(() => loud.Pulse.CanPublish == true && heard.Alive > 0);
        Assert.True((await loud.SetAsync(Write("k"), Token)).Stored);
    }

    [Fact]
    public async Task DocumentedRights_Suffice()
    {
        // As in docs/redis.md.
        _server.Ask("ACL", "SETUSER", "kessan", "on", ">p@ss", "~*", "resetchannels", "&kessan:messages", "+@all", "-@admin", "-@dangerous", "+info");
        await using var store = await RedisNodes.OpenPatientAsync($"redis://kessan:p%40ss@{_server.Address}");
        var heard = new RecordingSubscriber();
        await using var subscription = store.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);

        Assert.True((await store.SetAsync(Write("k"), Token)).Stored);
        Assert.NotNull((await store.GetAsync("k", StoreReadOptions.Default, Token)).Entry);
        Assert.Equal(["k"], (await store.ScanAsync("k*", null, 100, Token)).Keys);
        await store.RemoveTagsAsync(["stock:1"], Token);
        Assert.Equal(1, await store.RemoveByPatternAsync("k*", Token));
        Assert.NotNull(store.Connection.Link!.Primaries[0].RunId);
        Assert.True((await store.Cleaner.RunAsync(100, Token)).Complete);
    }

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });
}
