using Kessan.Caching.Quotas;
using Kessan.Caching.Redis.Quotas;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Quotas;

public sealed class RedisQuotaStoreTests(RedisServers servers) : IAsyncLifetime
{
    private readonly List<RedisStore> _opened = [];
    private readonly string _user = $"user-{Guid.NewGuid():N}";

    public enum Kind
    {
        Server,
        Embedded,
        Cluster,
    }

    public static TheoryData<Kind> Kinds => [.. Enum.GetValues<Kind>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened) await store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Charge_FromManySides_CountsExactlyUpToTheLimit(Kind kind)
    {
        var nodes = new[] { await OpenAsync(kind), await OpenAsync(kind) };

        var readings = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            i => nodes[i % 2].ChargeAsync(Charge() with { Limit = 150, Nonce = i % 3 == 0 ? $"n{i}" : null }, Token).AsTask()));

        Assert.Equal(150, readings.Count(reading => reading.IsCharged));
        Assert.Equal(Enumerable.Range(1, 150), readings.Where(reading => reading.IsCharged).Select(reading => (int)reading.Usage).Order());
        Assert.All(readings.Where(reading => !reading.IsCharged), reading => Assert.Equal(150, reading.Usage));
        Assert.Equal(150, (await nodes[1].ReadAsync(Charge(), Token)).Usage);
    }

    // With --long a million charges from ten nodes.
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Charge_TenNodesOfAHundredCallers_IsExactToTheUnit(Kind kind)
    {
        const int Callers = 100;
        var hits = Environment.GetEnvironmentVariable("KESSAN_LONG") == "1" ? 1_000 : 2;
        var nodes = new List<IQuotaStore>();
        for (var i = 0; i < 10; i++) nodes.Add(await OpenAsync(kind));
        var charge = Charge() with { Length = TimeSpan.FromHours(1) };

        await Task.WhenAll(nodes.SelectMany(node => Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var i = 0; i < hits; i++) await node.ChargeAsync(charge with { Nonce = $"{caller}-{Guid.NewGuid():N}", NonceLifetime = TimeSpan.FromMinutes(1) }, Token);
        })));

        Assert.Equal((long)nodes.Count * Callers * hits, (await nodes[3].ReadAsync(charge, Token)).Usage);
        Assert.InRange(await CountNamesAsync(), 1, QuotaCharge.MostNames);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Charge_OverTheLimit_IsRefusedAndChargesNothing(Kind kind)
    {
        var quotas = await OpenAsync(kind);

        Assert.Equal(new QuotaReading(false, 0, TimeSpan.Zero), await quotas.ChargeAsync(Charge() with { Cost = 11, Limit = 10 }, Token));
        Assert.Equal(new QuotaReading(false, 0, TimeSpan.Zero), await quotas.ReadAsync(Charge(), Token));
        Assert.True((await quotas.ChargeAsync(Charge() with { Cost = 7, Limit = 10 }, Token)).IsCharged);
        Assert.False((await quotas.ChargeAsync(Charge() with { Cost = 4, Limit = 10 }, Token)).IsCharged);
        Assert.True((await quotas.ChargeAsync(Charge() with { Cost = 3, Limit = 10 }, Token)).IsCharged);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Charge_SameNonce_IsAnsweredAsTheFirstTime(Kind kind)
    {
        var quotas = await OpenAsync(kind);
        var charge = Charge() with { Cost = 6, Limit = 10, Nonce = "first" };

        Assert.True((await quotas.ChargeAsync(charge, Token)).IsCharged);
        Assert.True((await quotas.ChargeAsync(charge, Token)).IsCharged);
        Assert.True((await quotas.ChargeAsync(charge with { Limit = 0 }, Token)).IsCharged);

        Assert.Equal(6, (await quotas.ReadAsync(charge, Token)).Usage);
    }

    // A client that takes no refusal for an answer must not fill the store.
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Charge_Refused_RemembersNothing(Kind kind)
    {
        var quotas = await OpenAsync(kind);
        var charge = Charge() with { Cost = 6, Limit = 10, Nonce = "first" };
        await quotas.ChargeAsync(charge, Token);

        for (var i = 0; i < 20; i++) Assert.False((await quotas.ChargeAsync(charge with { Nonce = $"again-{i}" }, Token)).IsCharged);

        Assert.Equal(1, await CountNamesAsync());
        Assert.True((await quotas.ChargeAsync(charge with { Nonce = "again-0", Cost = 1 }, Token)).IsCharged); // judged again
        Assert.Equal(7, (await quotas.ReadAsync(charge, Token)).Usage);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Charge_NameWithALifetime_IsForgottenThen(Kind kind)
    {
        var quotas = await OpenAsync(kind);
        var brief = Charge() with { Nonce = "brief", NonceLifetime = TimeSpan.FromMilliseconds(100) };

        await Eventually.HoldsAsync(async () => (await quotas.ChargeAsync(brief, Token)).Usage >= 2);
        await quotas.ChargeAsync(brief with { Nonce = "brief 2" }, Token);
        await Eventually.HoldsAsync(async () => (await quotas.ChargeAsync(brief with { Nonce = null }, Token)).IsCharged && await LastsAsync("brief 2"));
        await quotas.ChargeAsync(brief with { Nonce = "lasting", NonceLifetime = null }, Token);

        Assert.Equal(1, await CountNamesAsync()); // those whose time is over went with the charge after them

        async Task<bool> LastsAsync(string name)
        {
            var before = (await quotas.ReadAsync(brief, Token)).Usage;
            return (await quotas.ChargeAsync(brief with { Nonce = name, Limit = before }, Token)).IsCharged is false;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Charge_LaterOnes_DoNotLengthenTheWindow(Kind kind)
    {
        var quotas = await OpenAsync(kind);
        var charge = Charge() with { Length = TimeSpan.FromMilliseconds(400), Nonce = "n" };

        var first = await quotas.ChargeAsync(charge, Token);
        var readings = new List<QuotaReading>();
        await Eventually.HoldsAsync(async () =>
        {
            // The names of the old window are forgotten with it: in a new one the second charge counts, unless it is in the next.
            var since = TimeProvider.System.GetTimestamp();
            readings.Add(await quotas.ChargeAsync(charge with { Nonce = null }, Token));
            if (readings[^1].Usage != 1) return false;
            var named = (await quotas.ChargeAsync(charge, Token)).Usage;
            Assert.True(named == 2 || TimeProvider.System.GetElapsedTime(since) >= charge.Length, "The name is remembered from the window before.");
            return named == 2;
        });

        Assert.InRange(first.Reset, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(400));
        Assert.All(readings, reading => Assert.True(reading.Reset <= TimeSpan.FromMilliseconds(400)));
    }

    [Fact]
    public async Task Charge_Counter_IsAPlainNumberUnderItsKeyAndEverythingEnds()
    {
        var server = await servers.SingleAsync();
        var quotas = await OpenAsync(Kind.Server);

        await quotas.ChargeAsync(Charge() with { Cost = 42, Nonce = "n" }, Token);

        Assert.Equal("42", server.Ask("GET", Charge().Key));
        Assert.InRange((long)server.Ask("PTTL", Charge().Key)!, 50_000, 60_000);
        Assert.InRange((long)server.Ask("PTTL", $"kessan:quota:{{{Charge().Key}}}:")!, 50_000, 60_000);
    }

    [Fact]
    public async Task Charge_RedisAway_SaysSo()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await RedisNodes.OpenPatientAsync(server.Address);
        await server.KillAsync();

        await Assert.ThrowsAsync<CacheStoreException>(() => new RedisQuotaStore(store.Connection).ChargeAsync(Charge(), Token).AsTask());
    }

    private async Task<long> CountNamesAsync()
    {
        var connection = _opened[^1].Connection;
        var link = await connection.GetLinkAsync(Token);
        return await link.Database.SortedSetLengthAsync(link.Names.Quota(link.Names.Entry(Charge().Key)));
    }

    private QuotaCharge Charge() => new($"api_quota:{_user}:minute", _user, QuotaWindow.Minute, TimeSpan.FromMinutes(1));

    private async Task<IQuotaStore> OpenAsync(Kind kind)
    {
        var store = await RedisNodes.OpenPatientAsync(kind switch
        {
            Kind.Embedded => (await servers.EmbeddedAsync()).ConnectionString,
            Kind.Cluster => (await servers.ClusterAsync()).Nodes,
            _ => (await servers.SingleAsync()).Address,
        });
        _opened.Add(store);
        return new RedisQuotaStore(store.Connection);
    }
}
