using System.Net;
using Kessan.Caching;
using Kessan.Caching.Quotas;
using Kessan.Caching.Sessions;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>A program that uses the cache with the service as its second layer.</summary>
public sealed class ConsumerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetOrCreate_TwoConsumers_AskTheSourceOnce()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var one = ServiceStores.Open(node.Address);
        await using var two = ServiceStores.Open(node.Address);
        var gate = new TaskCompletionSource();
        var calls = 0;

        var first = one.Cache().GetOrCreateAsync("k", SourceAsync, cancellationToken: Cancelled).AsTask();
        await Testing.Eventually.HoldsAsync(() => calls == 1);
        var second = two.Cache().GetOrCreateAsync("k", SourceAsync, cancellationToken: Cancelled).AsTask();
        gate.SetResult();

        Assert.Equal("made 1", await first);
        Assert.Equal("made 1", await second);
        Assert.Equal(1, calls);

        async ValueTask<string> SourceAsync(CancellationToken cancellationToken)
        {
            var call = Interlocked.Increment(ref calls);
            await gate.Task;
            return $"made {call}";
        }
    }

    [Fact]
    public async Task Remove_OneConsumer_IsFollowedByTheOther()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var one = ServiceStores.Open(node.Address);
        await using var two = ServiceStores.Open(node.Address);
        await one.Cache().SetAsync("k", "old", cancellationToken: Cancelled);
        Assert.Equal("old", (await two.Cache().TryGetAsync<string>("k", Cancelled)).Value);

        await one.Cache().SetAsync("k", "new", cancellationToken: Cancelled);
        await Testing.Eventually.HoldsAsync(async () => (await two.Cache().TryGetAsync<string>("k", Cancelled)).Value == "new");
        await one.Cache().RemoveByTagAsync("*", Cancelled);
        await Testing.Eventually.HoldsAsync(async () => !(await two.Cache().TryGetAsync<string>("k", Cancelled)).Found);
    }

    [Fact]
    public async Task Consumer_BackplaneWhole_ServesFromItsL1()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var one = ServiceStores.Open(node.Address);
        await one.Cache().SetAsync("k", "v", cancellationToken: Cancelled);

        await Testing.Eventually.HoldsAsync(async () => (await one.Cache().TryGetAsync<string>("k", Cancelled)).Layer == CacheLayer.L1);
    }

    [Fact]
    public async Task Consumer_ServiceDownAndBack_KeepsAnswering()
    {
        var server = new InMemoryCacheServer();
        var node = await ServiceNode.StartAsync(server, port: Testing.TestPorts.Next());
        var address = node.Address;
        await using var one = ServiceStores.Open(address, new()
        {
            ["Kessan:CacheService:Timeout"] = "00:00:00.250",
            ["Kessan:Cache:L2SoftTimeout"] = "00:00:00.250",
        });
        await Testing.Eventually.HoldsAsync(async () =>
            (await one.Cache().GetOrCreateLookupAsync("warm", static (_, _) => new ValueTask<string>("v"), cancellationToken: Cancelled)).Layer == CacheLayer.L1);

        await node.DisposeAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("v", await one.Cache().GetOrCreateAsync("warm", static _ => new ValueTask<string>("v"), cancellationToken: Cancelled));
            Assert.Equal($"s{i}", await one.Cache().GetOrCreateAsync($"cold{i}", _ => new ValueTask<string>($"s{i}"), cancellationToken: Cancelled));
        }

        await using var back = await ServiceNode.StartAsync(server, port: address.Port);
        await Testing.Eventually.HoldsAsync(async () =>
        {
            await one.Cache().SetAsync("again", "v", cancellationToken: Cancelled);
            return (await back.Client.SendAsync(HttpMethod.Get, "v1/entries/again")).StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task StoreBehindTheServiceAway_AReadThatFindsNothing_IsNoMiss()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var one = ServiceStores.Open(node.Address);
        var held = new StoreWrite("held", new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });
        await one.Store().SetAsync(held, Cancelled);
        node.Store!.IsAway = true;

        // A cache that believed "none" would forget what it has itself.
        await Assert.ThrowsAsync<CacheStoreException>(() => one.Store().GetAsync("k", StoreReadOptions.Default, Cancelled).AsTask());
        await Assert.ThrowsAsync<CacheStoreException>(() => one.Store().GetManyAsync(["k", "l"], StoreReadOptions.Default, Cancelled).AsTask());
        await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).IsProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Equal("x", await node.Client.GetStringAsync("v1/entries/held", Cancelled)); // the replica's own L1 goes on

        node.Store.IsAway = false;
        await Testing.Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (await one.Store().GetAsync("k", StoreReadOptions.Default, Cancelled)).Entry is null;
            }
            catch (CacheStoreException)
            {
                return false; // the breaker has not asked again yet
            }
        });
    }

    [Fact]
    public async Task Refused_KeysThatTheServiceNeverTakes_DoNotMakeItCountAsAway()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var one = ServiceStores.Open(node.Address);
        string[] keys = ["..", new string('k', 600), "kessan:own", "user_session:..", "a\ud800"];
        foreach (var key in keys)
        {
            Assert.True((await Assert.ThrowsAsync<CacheStoreException>(
                () => one.Store().SetAsync(new StoreWrite(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) }), Cancelled).AsTask())).IsRefusal, key);
        }

        Assert.True((await Assert.ThrowsAsync<CacheStoreException>(() => one.Store().RemoveTagsAsync([new string('t', 200)], Cancelled).AsTask())).IsRefusal);
        for (var i = 0; i < 10; i++) await one.Cache().SetAsync(keys[1], i, cancellationToken: Cancelled);
        Assert.Equal(EntryWriteStatus.Stored, (await one.Cache().SetAsync("good", 1, options: null, cancellationToken: Cancelled)).Status);
    }

    [Fact]
    public async Task Session_OfAConsumer_IsTheServices()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var one = ServiceStores.Open(node.Address);
        var cache = one.GetRequiredService<Caching.CacheService>();

        var none = await cache.GetSessionAsync<string>("a b/ü", Cancelled);
        var written = await cache.SetSessionAsync("a b/ü", "dark", cancellationToken: Cancelled);
        var read = await cache.GetSessionAsync<string>("a b/ü", Cancelled);
        var refused = await cache.SetSessionAsync("a b/ü", "light", version: read.Version + 1, cancellationToken: Cancelled);
        var replaced = await cache.SetSessionAsync("a b/ü", "light", read.Version, Cancelled);
        var atTheService = await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/a%20b%2F%C3%BC");
        var removed = await cache.RemoveSessionAsync("a b/ü", Cancelled);

        Assert.Equal(SessionStatus.Missing, none.Status);
        Assert.Equal(SessionWriteStatus.Stored, written.Status);
        Assert.Equal((SessionStatus.Found, "dark"), (read.Status, read.Value));
        Assert.Equal(SessionWriteStatus.Refused, refused.Status);
        Assert.Equal(SessionWriteStatus.Stored, replaced.Status);
        Assert.Contains("light", await atTheService.TextAsync(), StringComparison.Ordinal);
        Assert.True(removed);
    }

    [Fact]
    public async Task Quota_OfAConsumer_IsTheServices()
    {
        var quotas = new RecordingQuotaStore();
        await using var node = await ServiceNode.StartAsync(
            settings: new() { ["Kessan:Cache:Quotas:DailyLimit"] = "10" },
            configure: builder => builder.Services.AddSingleton<IQuotaStore>(quotas));
        await using var one = ServiceStores.Open(node.Address);
        var cache = one.GetRequiredService<Caching.CacheService>();

        var first = await cache.TrackQuotaAsync("u/1", QuotaWindow.Daily, cost: 6, cancellationToken: Cancelled);
        var refused = await cache.TrackQuotaAsync("u/1", QuotaWindow.Daily, cost: 6, cancellationToken: Cancelled);
        var read = await cache.GetQuotaAsync("u/1", QuotaWindow.Daily, cancellationToken: Cancelled);

        Assert.True(first is { IsAllowed: true, Usage: 6, IsLocal: false });
        Assert.True(refused is { IsAllowed: false, Usage: 6, IsLocal: false });
        Assert.Equal(6, read.Usage);
        Assert.Equal(1, quotas.Reads); // a refusal says by itself how the quota stands
        Assert.All(quotas.Charges, charge => Assert.Equal(TimeSpan.FromMinutes(10), charge.NonceLifetime));
        var charge = new QuotaCharge("api_quota:u%2F1:daily", "u/1", QuotaWindow.Daily, TimeSpan.FromDays(1)) { Cost = 2_500_000, Nonce = "n", IsGranted = true };
        Assert.Equal(2_500_006, (await one.Store().ChargeAsync(charge, Cancelled)).Usage);
        Assert.Equal(2_500_006, (await one.Store().ChargeAsync(charge, Cancelled)).Usage);
    }

    [Fact]
    public async Task Store_AnswerOfAnotherServer_IsNoMiss()
    {
        await using var stranger = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder(["--Logging:LogLevel:Default=None"]).Build();
        stranger.Urls.Add("http://127.0.0.1:0");
        await stranger.StartAsync(Cancelled);
        await using var one = ServiceStores.Open(new Uri(stranger.Urls.First()));

        await Assert.ThrowsAsync<Caching.Storage.CacheStoreException>(
            async () => await one.Store().GetAsync("k", Caching.Storage.StoreReadOptions.Default, Cancelled));
    }

    [Fact]
    public async Task Store_NoAnswer_GivesUpInTimeAndNamesNoKey()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var one = ServiceStores.Open(
            new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), new() { ["Kessan:CacheService:Timeout"] = "00:00:00.200" });
        await using var stalls = new Testing.StallWatch();
        var start = TimeProvider.System.GetTimestamp();

        var failure = await Assert.ThrowsAsync<Caching.Storage.CacheStoreException>(
            async () => await one.Store().GetAsync("a-personal-key", Caching.Storage.StoreReadOptions.Default, Cancelled));

        Assert.True(TimeProvider.System.GetElapsedTime(start) - stalls.Total < TimeSpan.FromSeconds(3));
        Assert.DoesNotContain("a-personal-key", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_ServiceDefaultsOfTheHost_DoNotApply()
    {
        await using var node = await ServiceNode.StartAsync();
        var attempts = 0;
        var services = new ServiceCollection();
        services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(
            new Microsoft.Extensions.Configuration.ConfigurationManager { ["Kessan:CacheService:Address"] = node.Address.AbsoluteUri });
        services.AddLogging();
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new Counting(() => attempts++)));
        services.AddKessanCaching().UseCacheService();
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new Counting(() => attempts++)));
        await using var one = services.BuildServiceProvider();

        await Assert.ThrowsAsync<Caching.Storage.CacheStoreException>(
            async () => await one.Store().GetAsync("k", Caching.Storage.StoreReadOptions.Default, Cancelled)); // no key of the API

        Assert.Equal(0, attempts);
    }

    private sealed class Counting(Action count) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
