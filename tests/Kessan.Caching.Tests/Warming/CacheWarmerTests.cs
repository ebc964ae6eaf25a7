using Kessan.Caching.Calendar;
using Kessan.Caching.Local;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Kessan.Caching.Tests.Engine;
using Kessan.Caching.Warming;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Warming;

public sealed class CacheWarmerTests
{
    // Friday, 9 January 2026, 9:00 in Tokyo; Monday the 12th is a holiday.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 9, 9, 0, 0, TimeSpan.FromHours(9)));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HotKeys_OfTheLastRun_AreInL1AfterTheStart()
    {
        var server = new InMemoryCacheServer(_time);
        using (var first = Host(server, warming => warming.AddWarming()))
        {
            await first.StartAsync(Stop);
            var cache = first.Services.GetRequiredService<KessanHybridCache>();
            for (var i = 0; i < 20; i++) await cache.SetAsync($"stock_price:{i}", new Quote($"{i}", i), cancellationToken: Stop);
            for (var i = 0; i < 5000; i++) await cache.TryGetAsync<Quote>("stock_price:7", Stop);
            await first.StopAsync(Stop);
        }

        using var second = Host(server, warming => warming.AddWarming());
        await second.StartAsync(Stop);
        var cacheOfSecond = second.Services.GetRequiredService<KessanHybridCache>();
        var judge = new LocalJudge(cacheOfSecond.Node);
        // No time passes: the backplane is whole from the start, and a price grows old.
        await Settle.UntilAsync(() => cacheOfSecond.Node.Local.TryGet("stock_price:7", out var entry) && judge.IsPlainHit(entry, out _));

        var lookup = await cacheOfSecond.TryGetAsync<Quote>("stock_price:7", Stop);
        Assert.Equal((CacheLayer.L1, 7m), (lookup.Layer, lookup.Value!.Price));
        await second.StopAsync(Stop);
    }

    [Fact]
    public async Task HotKeys_WhileTheHostRuns_AreRememberedEveryMinute()
    {
        var server = new InMemoryCacheServer(_time);
        using var host = Host(server, warming => warming.AddWarming(options => options.Name = "an app"));
        await host.StartAsync(Stop);
        await Settle.AllAsync();
        var cache = host.Services.GetRequiredService<KessanHybridCache>();
        for (var i = 0; i < 500; i++) await cache.TryGetAsync<Quote>("stock_price:7", Stop);

        await PassUntilAsync(() => server.Count == 1);

        var entry = await host.Services.GetRequiredService<CacheEntries>().GetAsync("hot_keys:an%20app", pastL1: true, Stop);
        Assert.Equal("stock_price:7", System.Text.Encoding.UTF8.GetString(entry.Value!.Payload.Span));
        await host.StopAsync(Stop);
    }

    // What stands in a store may be anybody's: it must not stop the host.
    [Theory]
    [InlineData("\n\n \nstock_price:7\n\u0001\nstock_price:7", PayloadCodec.None, 1)]
    [InlineData("no such thing as a frame", PayloadCodec.Zstandard, 0)]
    public async Task HotKeys_ThatAreNone_AreLeftOut(string text, PayloadCodec codec, int loaded)
    {
        var server = new InMemoryCacheServer(_time);
        using var host = Host(server, warming => warming.AddWarming(options => options.Name = "app"));
        var entries = host.Services.GetRequiredService<CacheEntries>();
        await host.Services.GetRequiredService<KessanHybridCache>().SetAsync("stock_price:7", new Quote("7", 7), cancellationToken: Stop);
        await entries.Store!.SetAsync(
            new StoreWrite("hot_keys:app", new StoredEntry
            {
                Payload = System.Text.Encoding.UTF8.GetBytes(text),
                Codec = codec,
                Traits = StoredEntryTraits.Raw,
                Lifetime = TimeSpan.FromDays(1),
            }),
            Stop);

        var warming = host.Services.GetRequiredService<CacheService>().WarmAsync(Stop);
        await PassUntilAsync(() => warming.IsCompleted, TimeSpan.FromMilliseconds(50));

        Assert.Equal(loaded, (await warming).HotKeys);
    }

    [Fact]
    public async Task Sources_AtTheStartAndOnASchedule_RunThen()
    {
        List<DateTimeOffset> runs = [];
        using var host = Host(null, caching => caching.AddWarmup(
            "prices",
            async (services, token) =>
            {
                lock (runs) runs.Add(_time.GetUtcNow());
                await services.GetRequiredService<CacheManager>().SetStockPriceAsync("7203", new Quote("7203", 1), token);
                return 1;
            },
            schedule => schedule.Times.Add(new TimeOnly(8, 55))));
        await host.StartAsync(Stop);
        await Settle.UntilAsync(() => L1(host).Entries == 1);

        await PassUntilAsync(() => Count() == 3, TimeSpan.FromMinutes(5));

        lock (runs) Assert.Equal([Time(9, 9, 0), Time(13, 8, 55), Time(14, 8, 55)], runs);
        await host.StopAsync(Stop);

        int Count()
        {
            lock (runs) return runs.Count;
        }
    }

    [Fact]
    public async Task ASource_ThatFailsOrHangs_IsReportedAndTheOthersRun()
    {
        using var host = Host(null, caching => caching
            .AddWarmup("failing", (_, _) => throw new InvalidOperationException("no"), schedule => schedule.AtStart = false)
            .AddWarmup("hanging", (_, _) => new TaskCompletionSource<int>().Task, schedule => schedule.AtStart = false)
            .AddWarmup("good", (_, _) => Task.FromResult(1), schedule => schedule.AtStart = false)
            .AddWarmup("good", (_, _) => Task.FromResult(42), schedule => schedule.AtStart = false));

        var warming = host.Services.GetRequiredService<CacheWarmer>().WarmAsync(Stop);
        await PassUntilAsync(() => warming.IsCompleted);
        var report = await warming;

        Assert.Equal(new Dictionary<string, int?> { ["failing"] = null, ["hanging"] = null, ["good"] = 42 }, report.Sources);
        Assert.Equal(0, report.HotKeys);
    }

    [Theory]
    [InlineData("2026-01-09T08:54:59", true, "2026-01-09T08:55:00")]
    [InlineData("2026-01-09T08:55:00", true, "2026-01-09T12:25:00")]
    [InlineData("2026-01-09T12:25:00", true, "2026-01-13T08:55:00")]
    [InlineData("2026-01-09T12:25:00", false, "2026-01-10T08:55:00")]
    public void Next_OfASchedule_IsTheFirstTimeAfterNow(string now, bool tradingDaysOnly, string expected)
    {
        var source = new CacheWarmup("x", (_, _) => Task.FromResult(0), AtStart: false, [new(12, 25), new(8, 55)], tradingDaysOnly);

        Assert.Equal(Parse(expected), source.Next(Parse(now), new TokyoMarketCalendar()));
    }

    [Fact]
    public void Next_WithoutTimes_IsNever()
    {
        Assert.Null(new CacheWarmup("x", (_, _) => Task.FromResult(0), AtStart: true, [], TradingDaysOnly: true).Next(_time.GetUtcNow(), new TokyoMarketCalendar()));
    }

    [Theory]
    [InlineData("HotKeys", "257")]
    [InlineData("SaveInterval", "00:00:00")]
    [InlineData("SourceTimeout", "02:00:00")]
    [InlineData("Name", "")]
    public async Task Start_AWrongOption_StopsWithItsPath(string option, string value)
    {
        using var host = Host(null, caching => caching.AddWarming(), ($"Kessan:Cache:Warming:{option}", value));

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Stop));

        Assert.Contains($"Kessan:Cache:Warming:{option}", exception.Message, StringComparison.Ordinal);
    }

    private static Statistics.CacheHealth L1(IHost host) => host.Services.GetRequiredService<CacheManager>().GetHealth();

    private static DateTimeOffset Time(int day, int hour, int minute) => new(2026, 1, day, hour, minute, 0, TimeSpan.FromHours(9));

    private static DateTimeOffset Parse(string tokyo) => DateTimeOffset.Parse(tokyo + "+09:00", System.Globalization.CultureInfo.InvariantCulture);

    private async Task PassUntilAsync(Func<bool> condition, TimeSpan? step = null)
    {
        for (var i = 0; i < 5000 && !condition(); i++)
        {
            await Settle.AllAsync();
            _time.Advance(step ?? TimeSpan.FromSeconds(1));
            await Settle.AllAsync();
        }

        Assert.True(condition());
    }

    private IHost Host(InMemoryCacheServer? server, Action<KessanCachingBuilder> configure, params (string Path, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "tests" });
        foreach (var (path, value) in settings) builder.Configuration[path] = value;
        builder.Services.AddSingleton<TimeProvider>(_time);
        configure(builder.Services.AddKessanCaching().UseInMemoryStore(server));
        return builder.Build();
    }
}
