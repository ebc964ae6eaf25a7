using System.Text;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Entries;

/// <summary>Values that other programs wrote under our keys.</summary>
public sealed class ForeignValueTests(RedisServers servers) : IAsyncLifetime
{
    private readonly string _key = $"foreign:{Guid.NewGuid():N}";
    private RedisServerProcess _server = null!;
    private RedisStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await servers.SingleAsync();
        _store = await RedisNodes.OpenPatientAsync(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    [Fact]
    public async Task Get_PlainValue_IsAPayloadWithTheLifetimeThatRedisReports()
    {
        _server.Ask("SET", _key, "{\"price\":1}", "PX", 60_000);

        var one = (await _store.GetAsync(_key, StoreReadOptions.Default, Token)).Entry!;
        var many = (await _store.GetManyAsync([_key], StoreReadOptions.Default, Token))[0].Entry!;
        var leased = (await _store.AcquireLeaseAsync(new LeaseRequest(_key, "n", TimeSpan.FromSeconds(1)), Token)).Reading.Entry!;
        var sliding = (await _store.GetAsync(_key, new StoreReadOptions { Slide = TimeSpan.FromHours(1) }, Token)).Entry!;

        foreach (var entry in (StoredEntry[])[one, many, leased, sliding])
        {
            Assert.Equal("{\"price\":1}", Encoding.UTF8.GetString(entry.Payload.Span));
            Assert.Equal(StoredEntryTraits.Foreign, entry.Traits);
            Assert.Equal(0, entry.Version);
            Assert.InRange(entry.FreshLeft, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    public async Task Get_PlainValueWithoutEnd_GetsTheConfiguredLifetime()
    {
        _server.Ask("SET", _key, "x");

        var entry = (await _store.GetAsync(_key, StoreReadOptions.Default, Token)).Entry!;

        Assert.Equal(TimeSpan.FromMinutes(1), entry.Lifetime);
    }

    [Fact]
    public async Task Everything_ValueOfAnotherType_IsNoEntryAndCanBeReplaced()
    {
        _server.Ask("RPUSH", _key, "x");

        Assert.Null((await _store.GetAsync(_key, StoreReadOptions.Default, Token)).Entry);
        Assert.Null((await _store.GetManyAsync([_key], StoreReadOptions.Default, Token))[0].Entry);
        Assert.Null((await _store.GetAsync(_key, new StoreReadOptions { Slide = TimeSpan.FromHours(1) }, Token)).Entry);
        Assert.True((await _store.SetAsync(new StoreWrite(_key, Entry()), Token)).Stored);
        Assert.NotNull((await _store.GetAsync(_key, StoreReadOptions.Default, Token)).Entry);
    }

    [Fact]
    public async Task Set_OverAPlainValue_FollowsTheConditions()
    {
        _server.Ask("SET", _key, "x", "PX", 60_000);

        Assert.False((await _store.SetAsync(new StoreWrite(_key, Entry(), WriteCondition.IfAbsent), Token)).Stored);
        Assert.False((await _store.SetAsync(new StoreWrite(_key, Entry(), WriteCondition.IfVersion(7)), Token)).Stored);
        Assert.True((await _store.RemoveAsync(_key, Token)).Existed);
        _server.Ask("SET", _key, "x", "PX", 60_000);
        Assert.True((await _store.SetAsync(new StoreWrite(_key, Entry()), Token)).Version > 0);
    }

    [Fact]
    public async Task Touch_PlainValue_LivesLonger()
    {
        _server.Ask("SET", _key, "x", "PX", 20_000);

        Assert.True(await _store.TouchAsync(_key, TimeSpan.FromMinutes(1), Token));
        Assert.True((long)_server.Ask("PTTL", _key)! > 50_000);
    }

    [Fact]
    public async Task RemoveTags_IndexNamesAPlainValue_LeavesItAlone()
    {
        var tag = $"stock:{_key}";
        _server.Ask("SET", _key, "x", "PX", 60_000);
        _server.Ask("ZADD", $"kessan:index:{tag}", long.MaxValue, _key);

        Assert.Equal(0, await _store.RemoveTagsAsync([tag], Token));
        Assert.Equal("x", _server.Ask("GET", _key));
    }

    private static StoredEntry Entry() => new() { Payload = "y"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(1) };
}
