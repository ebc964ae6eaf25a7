using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Redis.Tests.Backplane;

/// <summary>Writes of other programs, told by keyspace notifications.</summary>
public sealed class ForeignWritesTests : IAsyncLifetime
{
    private RedisServerProcess _server = null!;
    private RedisStore _store = null!;
    private RecordingSubscriber _heard = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync("--notify-keyspace-events", "Kg$");
        _store = await RedisNodes.OpenPatientAsync(_server.Address, options => options.KeyspaceNotifications = true);
        _heard = new RecordingSubscriber();
        _store.Subscribe(_heard);
        await Eventually.HoldsAsync(() => _heard.Alive > 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task OtherProgram_SetsAndDeletes_IsHeardWithoutANumber()
    {
        await _store.SetAsync(Write("ours"), Token);
        _server.Ask("SET", "ours", "theirs");
        _server.Ask("SET", "new", "theirs");
        _server.Ask("DEL", "new");

        await Eventually.HoldsAsync(() => Foreign("ours").Any() && Foreign("new").Count() == 2);
        Assert.Equal([StoreMessageKind.Set, StoreMessageKind.Removed], Foreign("new").Select(message => message.Kind).Order());
        Assert.All(_heard.Messages.Where(IsForeign), message => Assert.Equal((0L, 0L), (message.Sequence, message.Version)));
    }

    [Fact]
    public async Task OurOwnWrites_OfAnyKind_AreNotForeign()
    {
        for (var i = 0; i < 50; i++)
        {
            await _store.SetAsync(Write("kept"), Token);
            await _store.GetAsync("kept", new StoreReadOptions { Slide = TimeSpan.FromMinutes(9) }, Token);
            await _store.TouchAsync("kept", TimeSpan.FromMinutes(10), Token);
            await _store.SetAsync(Write("removed"), Token);
            if (i % 3 == 0) await _store.RemoveAsync("removed", Token);
            await _store.AcquireLeaseAsync(new LeaseRequest("other", "n", TimeSpan.FromSeconds(1)), Token);
        }

        _server.Ask("SET", "end", "theirs");
        await Eventually.HoldsAsync(() => Foreign("end").Any());

        // Of a key that is gone, what is told late counts as foreign, which only evicts what is gone.
        Assert.Equal(["end"], _heard.Messages.Where(IsForeign).Select(message => message.Subject).Where(key => key != "removed").Distinct());
    }

    [Fact]
    public async Task OtherProgram_SetsAndDeletes_EvictsFromL1()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = RedisNodes.Patient(_server.Address);
        builder.Configuration["Kessan:Cache:Redis:KeyspaceNotifications"] = "true";
        builder.Services.AddKessanCaching(options => options.L2SoftTimeout = TimeSpan.FromSeconds(10)).UseRedis();
        using var host = builder.Build();
        await host.StartAsync(Token);
        var cache = host.Services.GetRequiredService<KessanHybridCache>();
        foreach (var key in (string[])["set", "deleted"])
        {
            await cache.SetAsync(key, "ours"u8.ToArray(), cancellationToken: Token);
            await Eventually.HoldsAsync(async () => (await cache.TryGetAsync<byte[]>(key, Token)).Layer == CacheLayer.L1);
        }

        _server.Ask("SET", "set", "theirs");
        _server.Ask("DEL", "deleted");

        await Eventually.HoldsAsync(async () => (await cache.TryGetAsync<byte[]>("set", Token)).Value.AsSpan().SequenceEqual("theirs"u8));
        await Eventually.HoldsAsync(async () => !(await cache.TryGetAsync<byte[]>("deleted", Token)).Found);
        await host.StopAsync(Token);
    }

    private static bool IsForeign(StoreMessage message) => message.Sender == "foreign";

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });

    private IEnumerable<StoreMessage> Foreign(string key) => _heard.Messages.Where(message => IsForeign(message) && message.Subject == key);
}
