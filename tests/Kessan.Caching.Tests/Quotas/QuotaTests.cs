using CsCheck;
using Kessan.Caching.Quotas;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Quotas;

public sealed class QuotaTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.FromHours(9)));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Charge_ManyCallersOnTenNodes_IsExactToTheUnit()
    {
        const int Nodes = 10;
        const int Callers = 100;
        var hits = PropertyRuns.IsLong ? 1_000 : 20;
        await using var fleet = Fleet(Nodes);

        var callers = fleet.Nodes.SelectMany(node => Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                var cache = Cache(node);
                for (var i = 0; i < hits; i++) await cache.TrackQuotaAsync("user123", QuotaWindow.Daily, cancellationToken: Stop);
            },
            Stop)));
        await Task.WhenAll(callers);

        var status = await Cache(fleet[3]).GetQuotaAsync("user123", QuotaWindow.Daily, cancellationToken: Stop);
        Assert.Equal((long)Nodes * Callers * hits, status.Usage);
        Assert.False(status.IsLocal);
    }

    [Fact]
    public async Task Charge_CallersRaceForALimit_ExactlyTheLimitIsGranted()
    {
        await using var fleet = Fleet(4, options => options.MinuteLimit = 137);

        var granted = await Task.WhenAll(fleet.Nodes.SelectMany(node => Enumerable.Range(0, 100).Select(_ => Task.Run(
            async () => (await Cache(node).TrackQuotaAsync("u", QuotaWindow.Minute, cancellationToken: Stop)).IsAllowed, Stop))));

        Assert.Equal(137, granted.Count(allowed => allowed));
    }

    [Theory]
    [InlineData(QuotaWindow.Minute, 60)]
    [InlineData(QuotaWindow.Hourly, 3_600)]
    [InlineData(QuotaWindow.Daily, 86_400)]
    public async Task Window_FromTheFirstCharge_IsNotLengthened(QuotaWindow window, int seconds)
    {
        await using var fleet = Fleet(1);
        var cache = Cache(fleet[0]);

        Assert.Equal((0L, TimeSpan.FromSeconds(seconds)), await UsageAsync());
        await cache.TrackQuotaAsync("u", window, cancellationToken: Stop);
        fleet.Time.Advance(TimeSpan.FromSeconds(seconds - 10));
        await cache.TrackQuotaAsync("u", window, cancellationToken: Stop);
        Assert.Equal((2L, TimeSpan.FromSeconds(10)), await UsageAsync());
        fleet.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((0L, TimeSpan.FromSeconds(seconds)), await UsageAsync());

        async Task<(long, TimeSpan)> UsageAsync()
        {
            var status = await cache.GetQuotaAsync("u", window, cancellationToken: Stop);
            return (status.Usage, status.Reset);
        }
    }

    [Fact]
    public async Task Charge_PastTheLimit_IsRefusedAndNotCharged()
    {
        await using var fleet = Fleet(1, options => options.HourlyLimit = 10);
        var cache = Cache(fleet[0]);

        Assert.Equal(new QuotaStatus(true, 7, 10, TimeSpan.FromHours(1), false), await cache.TrackQuotaAsync("u", QuotaWindow.Hourly, 7, cancellationToken: Stop));
        Assert.Equal(new QuotaStatus(false, 7, 10, TimeSpan.FromHours(1), false), await cache.TrackQuotaAsync("u", QuotaWindow.Hourly, 4, cancellationToken: Stop));
        var last = await cache.TrackQuotaAsync("u", QuotaWindow.Hourly, 3, cancellationToken: Stop);
        Assert.Equal((true, 10, 0L), (last.IsAllowed, last.Usage, last.Remaining));
        Assert.False((await cache.GetQuotaAsync("u", QuotaWindow.Hourly, cancellationToken: Stop)).IsAllowed);
        Assert.Equal(0, (await cache.GetQuotaAsync("other", QuotaWindow.Hourly, cancellationToken: Stop)).Usage);
        Assert.Equal(0, (await cache.GetQuotaAsync("u", QuotaWindow.Minute, cancellationToken: Stop)).Usage);
    }

    [Fact]
    public async Task Limit_OfACall_OnlyLowers()
    {
        await using var fleet = Fleet(1, options => options.HourlyLimit = 10);
        var cache = Cache(fleet[0]);

        Assert.Equal(5, (await cache.GetQuotaAsync("u", QuotaWindow.Hourly, 5, Stop)).Limit);
        Assert.Equal(10, (await cache.GetQuotaAsync("u", QuotaWindow.Hourly, 50, Stop)).Limit);
        Assert.Equal(50, (await cache.GetQuotaAsync("u", QuotaWindow.Daily, 50, Stop)).Limit);
        Assert.Null((await cache.GetQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop)).Limit);
        Assert.False((await cache.TrackQuotaAsync("u", QuotaWindow.Hourly, limit: 0, cancellationToken: Stop)).IsAllowed);
    }

    [Fact]
    public async Task Charge_AgainUnderItsName_IsMadeOnce()
    {
        await using var fleet = Fleet(2);

        foreach (var node in fleet.Nodes) await Cache(node).TrackQuotaAsync("u", QuotaWindow.Daily, 5, idempotencyKey: "a", cancellationToken: Stop);
        var status = await Cache(fleet[0]).TrackQuotaAsync("u", QuotaWindow.Daily, 5, idempotencyKey: "b", cancellationToken: Stop);

        Assert.Equal(10, status.Usage);
    }

    [Fact]
    public async Task TheStoreAway_Charge_IsCountedHereAndHandedInLater()
    {
        var (fleet, counters) = UnreliableFleet(2, options => options.DailyLimit = 10);
        await using var _ = fleet;
        var (here, there) = (Cache(fleet[0]), Cache(fleet[1]));
        await here.TrackQuotaAsync("u", QuotaWindow.Daily, 4, cancellationToken: Stop);

        counters.Fault = () => QuotaFault.Before;
        var local = await here.TrackQuotaAsync("u", QuotaWindow.Daily, 5, cancellationToken: Stop);
        var refused = await here.TrackQuotaAsync("u", QuotaWindow.Daily, 2, cancellationToken: Stop);
        counters.Fault = () => QuotaFault.None;
        await fleet.UntilAsync(() => !fleet[0].Cache.Node.StoreIsAway); // the failures have opened the breaker
        var again = await here.TrackQuotaAsync("u", QuotaWindow.Daily, 1, cancellationToken: Stop);
        var elsewhere = await there.GetQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop);

        Assert.Equal((true, 9, true), (local.IsAllowed, local.Usage, local.IsLocal));
        Assert.Equal((false, 9, true), (refused.IsAllowed, refused.Usage, refused.IsLocal));
        Assert.Equal((true, 10, false), (again.IsAllowed, again.Usage, again.IsLocal));
        Assert.Equal((false, 10, false), (elsewhere.IsAllowed, elsewhere.Usage, elsewhere.IsLocal));
    }

    [Fact]
    public async Task TheStoreAway_ChargesOfManyUsers_AreHandedInWhenAsked()
    {
        var (fleet, counters) = UnreliableFleet(2);
        await using var _ = fleet;
        var (here, there) = (Cache(fleet[0]), Cache(fleet[1]));
        counters.Fault = () => QuotaFault.Before;
        for (var i = 0; i < 250; i++) await here.TrackQuotaAsync($"u{i}", QuotaWindow.Daily, i + 1, cancellationToken: Stop);
        await here.TrackQuotaAsync("short", QuotaWindow.Minute, cancellationToken: Stop);
        var early = await here.TryHandInQuotasAsync(Stop);
        var pending = here.CountPendingQuotas();

        counters.Fault = () => QuotaFault.None;
        await fleet.UntilAsync(() => !fleet[0].Cache.Node.StoreIsAway);
        fleet.Time.Advance(TimeSpan.FromMinutes(1)); // the shortest window has ended
        var all = await here.TryHandInQuotasAsync(Stop);

        Assert.Equal((false, 251), (early, pending));
        Assert.Equal((true, 0), (all, here.CountPendingQuotas()));
        for (var i = 0; i < 250; i++) Assert.Equal(i + 1, (await there.GetQuotaAsync($"u{i}", QuotaWindow.Daily, cancellationToken: Stop)).Usage);
        Assert.Equal(0, (await there.GetQuotaAsync("short", QuotaWindow.Minute, cancellationToken: Stop)).Usage);
    }

    [Fact]
    public async Task TheStoreBackButSlow_ManyNamesPending_AreHandedInOnceAndNobodyWaitsForAll()
    {
        const int Names = 40;
        const int Callers = 10;
        var (fleet, counters) = UnreliableFleet(1);
        await using var _ = fleet;
        var cache = Cache(fleet[0]);
        counters.Fault = () => QuotaFault.Before;
        for (var i = 0; i < Names; i++) await cache.TrackQuotaAsync("u", QuotaWindow.Daily, idempotencyKey: $"n{i}", cancellationToken: Stop);
        counters.Fault = () => QuotaFault.None;
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        await fleet.UntilAsync(() => !fleet[0].Cache.Node.Store!.Breaker.IsOpen); // a probe may need longer than fake time takes
        counters.Charges.Clear();
        counters.Delay = () => Task.Delay(TimeSpan.FromMilliseconds(100), fleet.Time, Stop);

        var began = fleet.Time.GetUtcNow();
        var charges = Enumerable.Range(0, Callers).Select(_ => cache.TrackQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop).AsTask()).ToArray();
        await fleet.UntilAsync(() => charges.All(charge => charge.IsCompleted));
        var waited = fleet.Time.GetUtcNow() - began;
        await fleet.UntilAsync(() => counters.Charges.Count == Names + Callers);

        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(Names, counters.Charges.Where(charge => charge.IsGranted).Select(charge => charge.Nonce).Distinct().Count());
        counters.Delay = static () => Task.CompletedTask;
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(Names + Callers, (await cache.GetQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop)).Usage);
        Assert.Equal(Names + Callers, counters.Charges.Count);
    }

    [Fact]
    public async Task Charge_WithoutAName_IsRememberedForMinutesAndARefusalNotAtAll()
    {
        var store = new InMemoryQuotaStore(_time);
        var charge = new QuotaCharge("k", "u", QuotaWindow.Daily, TimeSpan.FromDays(1)) { Limit = 3, Nonce = "own", NonceLifetime = TimeSpan.FromMinutes(10) };
        var (fleet, counters) = UnreliableFleet(1);
        await using var _ = fleet;

        await Cache(fleet[0]).TrackQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop);
        await Cache(fleet[0]).TrackQuotaAsync("u", QuotaWindow.Daily, idempotencyKey: "a", cancellationToken: Stop);
        await store.ChargeAsync(charge, Stop);
        await store.ChargeAsync(charge with { Nonce = "named", NonceLifetime = null }, Stop);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal([TimeSpan.FromMinutes(10), null], counters.Charges.Select(made => made.NonceLifetime));
        Assert.Equal(2, (await store.ChargeAsync(charge with { Nonce = "named", NonceLifetime = null }, Stop)).Usage);
        Assert.Equal(3, (await store.ChargeAsync(charge, Stop)).Usage);
        Assert.False((await store.ChargeAsync(charge with { Nonce = "refused" }, Stop)).IsCharged);
        Assert.True((await store.ChargeAsync(charge with { Nonce = "refused", Limit = 4 }, Stop)).IsCharged);
    }

    [Fact]
    public async Task Charge_MoreNamesThanACounterRemembers_ForgetsTheFirst()
    {
        var store = new InMemoryQuotaStore(_time);
        var charge = new QuotaCharge("k", "u", QuotaWindow.Daily, TimeSpan.FromDays(1));

        await store.ChargeAsync(charge with { Nonce = "first", NonceLifetime = TimeSpan.FromHours(1) }, Stop);
        for (var i = 0; i < QuotaCharge.MostNames; i++) await store.ChargeAsync(charge with { Nonce = $"n{i}" }, Stop);

        Assert.Equal(QuotaCharge.MostNames + 1, (await store.ChargeAsync(charge with { Nonce = "n7" }, Stop)).Usage);
        Assert.Equal(QuotaCharge.MostNames + 2, (await store.ChargeAsync(charge with { Nonce = "first" }, Stop)).Usage);
    }

    [Fact]
    public async Task TheStoreAway_Denying_RefusesAndSaysSo()
    {
        var (fleet, counters) = UnreliableFleet(1, options => options.WhenStoreAway = StoreAwayPolicy.Deny);
        await using var _ = fleet;
        await Cache(fleet[0]).TrackQuotaAsync("u", QuotaWindow.Daily, 4, cancellationToken: Stop);
        counters.Fault = () => QuotaFault.Before;

        var status = await Cache(fleet[0]).TrackQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop);

        Assert.Equal((false, 4, true), (status.IsAllowed, status.Usage, status.IsLocal));
        Assert.False((await Cache(fleet[0]).GetQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop)).IsAllowed);
    }

    [Fact]
    public async Task TheStoreSilent_Charge_WaitsForTheSoftTimeoutOnceAndThenNotAtAll()
    {
        var (fleet, counters) = UnreliableFleet(1);
        await using var _ = fleet;
        var cache = Cache(fleet[0]);
        counters.Fault = () => QuotaFault.Silence;

        for (var i = 0; i < 3; i++)
        {
            var charge = cache.TrackQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop).AsTask();
            await fleet.UntilAsync(() => charge.IsCompleted);
            Assert.True((await charge).IsLocal);
        }

        fleet[0].Store.IsAway = true; // so that the breaker stays open
        var asked = counters.Asked;
        var unblocked = cache.TrackQuotaAsync("u", QuotaWindow.Daily, cancellationToken: Stop).AsTask();
        Assert.True(unblocked.IsCompletedSuccessfully);
        Assert.Equal(asked, counters.Asked);
    }

    [Fact]
    public async Task NoStoreAtAll_Charge_IsLocal()
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time);
        services.AddKessanCaching();
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<CacheService>();

        await cache.TrackQuotaAsync("u", QuotaWindow.Minute, 3, cancellationToken: Stop);
        var status = await cache.TrackQuotaAsync("u", QuotaWindow.Minute, 2, 4, cancellationToken: Stop);

        Assert.Equal((false, 3, true), (status.IsAllowed, status.Usage, status.IsLocal));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await cache.GetQuotaAsync("u", QuotaWindow.Minute, cancellationToken: Stop)).Usage);
    }

    [Fact]
    public void AnyFaults_InAnyOrder_NothingIsCountedTwiceOrLost()
    {
        var step = Gen.Select(Gen.Int[1, 5], Gen.Frequency((3, Gen.Const(QuotaFault.None)), (1, Gen.Const(QuotaFault.Before)), (1, Gen.Const(QuotaFault.After))));

        step.Array[1, 20].Sample(
            steps =>
            {
                var counters = new UnreliableQuotaStore(new InMemoryQuotaStore(_time));
                var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddSingleton<IQuotaStore>(counters);
                services.AddKessanCaching();
                var provider = services.BuildServiceProvider();
                var cache = provider.GetRequiredService<CacheService>();
                foreach (var (cost, fault) in steps)
                {
                    counters.Fault = () => fault;
                    Assert.True(Result(cache.TrackQuotaAsync("u", QuotaWindow.Daily, cost).AsTask()).IsAllowed);
                }

                counters.Fault = () => QuotaFault.None;
                var status = Result(cache.GetQuotaAsync("u", QuotaWindow.Daily).AsTask());
                Assert.Equal((steps.Sum(step => step.Item1), false), (status.Usage, status.IsLocal));
                provider.DisposeAsync().AsTask().Wait(Stop);
            },
            iter: PropertyRuns.Count / 10,
            threads: 1);

        static QuotaStatus Result(Task<QuotaStatus> task)
        {
            Assert.True(task.IsCompletedSuccessfully);
            return task.GetAwaiter().GetResult();
        }
    }

    [Fact]
    public async Task WrongArguments_Throw()
    {
        await using var fleet = Fleet(1);
        var cache = Cache(fleet[0]);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await cache.TrackQuotaAsync("u", QuotaWindow.Daily, 0, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await cache.TrackQuotaAsync("u", QuotaWindow.Daily, 1_000_001, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await cache.TrackQuotaAsync("u", QuotaWindow.Daily, limit: -1, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await cache.TrackQuotaAsync("u", (QuotaWindow)9, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await cache.TrackQuotaAsync("u", QuotaWindow.Daily, idempotencyKey: "a b", cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await cache.TrackQuotaAsync("", QuotaWindow.Daily, cancellationToken: Stop));
    }

    [Theory]
    [InlineData("MinuteLimit", "0")]
    [InlineData("WhenStoreAway", "7")]
    [InlineData("MaximumLocalCounters", "0")]
    public async Task Start_AWrongOption_StopsWithItsPath(string option, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"Kessan:Cache:Quotas:{option}"] = value;
        builder.Services.AddKessanCaching();
        using var host = builder.Build();

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Stop));

        Assert.Contains($"Kessan:Cache:Quotas:{option}", exception.Message, StringComparison.Ordinal);
    }

    private static CacheService Cache(SimulatedNode node) => node.Services.GetRequiredService<CacheService>();

    private static SimulatedFleet Fleet(int nodes, Func<TimeProvider, IQuotaStore> counters, Action<QuotaOptions>? configure = null)
    {
        IQuotaStore? shared = null;
        var making = new Lock();
        return new(nodes, configure: services =>
        {
            services.AddSingleton(provider =>
            {
                lock (making) return shared ??= counters(provider.GetRequiredService<TimeProvider>());
            });
            if (configure is not null) services.Configure(configure);
        });
    }

    private static SimulatedFleet Fleet(int nodes, Action<QuotaOptions>? configure = null)
        => Fleet(nodes, static time => new InMemoryQuotaStore(time), configure);

    private static (SimulatedFleet Fleet, UnreliableQuotaStore Counters) UnreliableFleet(int nodes, Action<QuotaOptions>? configure = null)
    {
        UnreliableQuotaStore? counters = null;
        var fleet = Fleet(nodes, time => counters = new UnreliableQuotaStore(new InMemoryQuotaStore(time)), configure);
        foreach (var node in fleet.Nodes) _ = Cache(node);
        return (fleet, counters!);
    }
}
