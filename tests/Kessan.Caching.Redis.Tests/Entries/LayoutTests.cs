using System.Text;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Entries;

/// <summary>What stands in Redis, seen with other eyes than the store's.</summary>
public sealed class LayoutTests(RedisServers servers) : IAsyncLifetime
{
    private readonly string _key = $"stock_price:{Guid.NewGuid():N}";
    private RedisServerProcess _server = null!;
    private RedisStore _store = null!;

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
    public async Task Set_Entry_StandsUnderItsKeyWithItsFreshLifetime()
    {
        var entry = Entry(TimeSpan.FromSeconds(300)) with { Age = TimeSpan.FromSeconds(100), StaleWindow = TimeSpan.FromHours(1) };

        await _store.SetAsync(new StoreWrite(_key, entry), TestContext.Current.CancellationToken);

        Assert.InRange((long)_server.Ask("PTTL", _key)!, 195_000, 200_000);
        Assert.StartsWith("KES1", (string)_server.Ask("GET", _key)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_KeepStale_StandsThroughItsStaleWindow()
    {
        await using var store = await RedisNodes.OpenPatientAsync(_server.Address, options => options.KeepStaleInL2 = true);
        var entry = Entry(TimeSpan.FromSeconds(300)) with { StaleWindow = TimeSpan.FromHours(1) };

        await store.SetAsync(new StoreWrite(_key, entry), TestContext.Current.CancellationToken);

        Assert.InRange((long)_server.Ask("PTTL", _key)!, 3_890_000, 3_900_000);
    }

    [Fact]
    public async Task KeepStale_EntryPastItsFreshLife_IsReadAsStaleAndCountsAsAbsent()
    {
        await using var store = await RedisNodes.OpenPatientAsync(_server.Address, options => options.KeepStaleInL2 = true);
        var stale = Entry(TimeSpan.FromSeconds(10)) with { Age = TimeSpan.FromSeconds(11), StaleWindow = TimeSpan.FromHours(1) };
        await store.SetAsync(new StoreWrite(_key, stale), TestContext.Current.CancellationToken);

        var read = await store.GetAsync(_key, StoreReadOptions.Default, TestContext.Current.CancellationToken);
        var touched = await store.TouchAsync(_key, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var lease = await store.AcquireLeaseAsync(
            new LeaseRequest(_key, "n", TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken);
        var added = await store.SetAsync(
            new StoreWrite(_key, Entry(TimeSpan.FromSeconds(10)), WriteCondition.IfAbsent), TestContext.Current.CancellationToken);

        Assert.True(read.Entry!.FreshLeft < TimeSpan.Zero);
        Assert.True(read.Entry.StaleLeft > TimeSpan.FromMinutes(59));
        Assert.False(touched);
        Assert.Equal(LeaseOutcome.Granted, lease.Outcome);
        Assert.True(added.Stored);
    }

    [Fact]
    public async Task Set_EntryWithoutTimeLeft_IsNotKept()
    {
        await _store.SetAsync(
            new StoreWrite(_key, Entry(TimeSpan.FromSeconds(1)) with { Age = TimeSpan.FromSeconds(2) }),
            TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => _server.Ask("EXISTS", _key) is 0L);
    }

    [Fact]
    public async Task Everything_Written_HasAnEnd()
    {
        await using var store = await RedisNodes.OpenPatientAsync(
            $"redis://{_server.Address}/7", options => options.KeyPrefix = "ends:");
        var tags = new[] { "stock:1", "plain" };
        var generations = await store.GetTagGenerationsAsync(tags, TestContext.Current.CancellationToken);
        var entry = Entry(TimeSpan.FromSeconds(30)) with { Tags = [.. tags.Zip(generations, (tag, generation) => new TagGeneration(tag, generation))] };
        await store.SetAsync(new StoreWrite(_key, entry), TestContext.Current.CancellationToken);
        await store.AcquireLeaseAsync(new LeaseRequest("other", "n", TimeSpan.FromSeconds(9)), TestContext.Current.CancellationToken);

        using var client = RespClient.Connect(_server.Port);
        client.Send("SELECT", 7);
        var names = ((object?[])client.Send("KEYS", "*")!).Cast<string>().ToArray();

        Assert.Equal(
            ["ends:kessan:index:stock:1", "ends:kessan:lease:{ends:other}:", "ends:kessan:tag:plain", "ends:kessan:tag:stock:1", $"ends:{_key}"],
            names.Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.True((long)client.Send("PTTL", name)! > 0));
        Assert.True((long)client.Send("TTL", "ends:kessan:tag:plain")! > 31 * 24 * 3600);
    }

    [Fact]
    public async Task Get_StoredExampleOfFormat1_IsRead()
    {
        // As format 1 stands in Redis, with the version of 2026-09-21 14:13:20 UTC. It must be read for ever.
        var stored = Convert.FromHexString(
            "4B455331" + "31373930303030303030303030303031" + "00" + "01" + "0400" + "0A00000000000000" + "E093040000000000"
            + "80EE360000000000" + "7B000000" + "0900" + "746578742F68746D6C" + "F6FFFFFFFFFFFFFF" + "0A00" + "73746F636B3A37323033" + "68656C6C6F");
        _server.Ask("SET", _key, stored, "PX", 100_000);

        var entry = (await _store.GetAsync(_key, StoreReadOptions.Default, TestContext.Current.CancellationToken)).Entry!;

        Assert.Equal("hello", Encoding.UTF8.GetString(entry.Payload.Span));
        Assert.Equal(1790000000000001, entry.Version);
        Assert.Equal(TimeSpan.FromMilliseconds(300_000), entry.Lifetime);
        Assert.Equal(TimeSpan.FromHours(1), entry.StaleWindow);
        Assert.Equal(TimeSpan.FromMilliseconds(123), entry.SourceCost);
        Assert.Equal("text/html", entry.ContentType);
        Assert.Equal([new TagGeneration("stock:7203", -10)], entry.Tags);
        Assert.Equal(StoredEntryTraits.Raw, entry.Traits);
    }

    private static StoredEntry Entry(TimeSpan lifetime) => new() { Payload = "x"u8.ToArray(), Lifetime = lifetime };
}
