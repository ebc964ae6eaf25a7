using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kessan.Caching.Storage;
using Kessan.Caching.Tests.Model;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Kessan.Caching.Tests.Engine;

/// <summary>Each instrument moves for the event that its description names, and its tags come from small closed sets.</summary>
[Collection(RunsAlone.Name)]
public sealed class MetricsTests
{
    private const string Key = "stock_price:7203:latest";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_EachLookUpOfAKey_CountsOnce()
    {
        await using var fleet = new SimulatedFleet(2);
        using var requests = Collect<long>(fleet[0], "kessan.cache.requests");
        await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);
        await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);
        await fleet[0].Cache.TryGetAsync<int>("none", Stop);
        await fleet[0].Cache.TryGetManyAsync<int>([Key, Key, "none"], Stop);
        await fleet[1].Cache.SetAsync("news_data:japan", 1, cancellationToken: Stop);
        await fleet[0].Cache.TryGetAsync<int>("news_data:japan", Stop);

        requests.RecordObservableInstruments();

        var counts = requests.GetMeasurementSnapshot().ToDictionary(
            m => $"{m.Tags["layer"]} {m.Tags["outcome"]} {m.Tags["data_type"]}", m => m.Value);
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["source fill stock_price"] = 1,
                ["l1 hit stock_price"] = 2,
                ["none miss other"] = 2,
                ["l2 hit news_data"] = 1,
            },
            counts);
    }

    [Fact]
    public async Task Durations_OfOperationsAndSources_AreMeasuredInSeconds()
    {
        await using var fleet = new SimulatedFleet(1);
        using var operations = Collect<double>(fleet[0], "kessan.cache.operation.duration");
        using var sources = Collect<double>(fleet[0], "kessan.cache.source.duration");
        var slow = fleet[0].Cache.GetOrCreateAsync(Key, async token =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), fleet.Time, token);
            return 1;
        }, cancellationToken: Stop).AsTask();
        await fleet.UntilAsync(() => slow.IsCompleted);
        await fleet[0].Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop); // an L1 hit is left out
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        await fleet[0].Cache.RemoveAsync("k", Stop);
        await fleet[0].Cache.RemoveByTagAsync("t", Stop);
        await fleet[0].Cache.TryGetManyAsync<int>(["a", "b"], Stop);
        await Assert.ThrowsAsync<IOException>(() => fleet[0].Cache.GetOrCreateAsync<int>("bad", _ => throw new IOException(), cancellationToken: Stop).AsTask());

        Assert.Equal(
            ["get", "set", "remove", "remove_tags", "get_many", "get"],
            operations.GetMeasurementSnapshot().Select(m => m.Tags["operation"]));
        Assert.Equal(1, operations.GetMeasurementSnapshot()[0].Value, 0.1);
        Assert.Equal(
            [("success", "stock_price"), ("error", "other")],
            sources.GetMeasurementSnapshot().Select(m => ((string)m.Tags["outcome"]!, (string)m.Tags["data_type"]!)));
        Assert.Equal(1, sources.GetMeasurementSnapshot()[0].Value, 0.1);
    }

    [Fact]
    public async Task StaleAnswers_AreCountedByReason_WithHowStaleTheyWere()
    {
        await using var fleet = new SimulatedFleet(1);
        var options = new CacheEntryOptions { Expiration = TimeSpan.FromSeconds(10), StaleWindow = TimeSpan.FromMinutes(1) };
        using var served = Collect<long>(fleet[0], "kessan.cache.stale_served");
        using var staleness = Collect<double>(fleet[0], "kessan.cache.staleness");
        await fleet[0].Cache.SetAsync("k", 1, options, cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(14));

        await fleet[0].Cache.GetOrCreateLookupAsync<int>("k", (_, _) => throw new IOException(), options, cancellationToken: Stop);

        Assert.Equal([("error", 1L)], served.GetMeasurementSnapshot().Select(m => ((string)m.Tags["reason"]!, m.Value)));
        Assert.Equal(4, Assert.Single(staleness.GetMeasurementSnapshot()).Value, 0.2);
    }

    [Fact]
    public async Task JoinsEvictionsEntriesSizeAndBreaker_TellTheEnginesState()
    {
        await using var fleet = new SimulatedFleet(1, options: options => options.L1MaximumEntries = 16);
        var gate = new TaskCompletionSource<int>();
        var calls = Enumerable.Range(0, 5).Select(_ => fleet[0].Cache.GetOrCreateAsync("k", async _ => await gate.Task).AsTask()).ToArray();
        gate.SetResult(1);
        await Task.WhenAll(calls);
        Assert.Equal(4, await LastAsync("kessan.cache.stampede.joins"));
        Assert.Equal(1, await LastAsync("kessan.cache.entries"));
        Assert.InRange(await LastAsync("kessan.cache.size"), 160, 200);
        Assert.Equal(0, await LastAsync("kessan.cache.evictions"));
        Assert.Equal(0, await LastAsync("kessan.cache.breaker.state"));

        for (var i = 0; i < 100; i++) await fleet[0].Cache.SetAsync($"k{i}", i, cancellationToken: Stop);
        await Settle.AllAsync();
        fleet[0].Store.IsAway = true;
        for (var i = 0; i < 3; i++) await fleet[0].Cache.TryGetAsync<int>($"away{i}", Stop);

        Assert.InRange(await LastAsync("kessan.cache.evictions"), 80, 90);
        Assert.InRange(await LastAsync("kessan.cache.entries"), 10, 20);
        Assert.Equal(1, await LastAsync("kessan.cache.breaker.state"));

        async Task<long> LastAsync(string name)
        {
            await Settle.AllAsync();
            if (name is "kessan.cache.breaker.state") return Read<int>(fleet[0], name);
            return Read<long>(fleet[0], name);
        }
    }

    [Fact]
    public async Task StaleAnswers_OfThoseWhoJoinedASlowFill_AreCountedToo()
    {
        await using var fleet = new SimulatedFleet(1);
        var options = new CacheEntryOptions { Expiration = TimeSpan.FromSeconds(10), StaleWindow = TimeSpan.FromMinutes(1) };
        using var served = Collect<long>(fleet[0], "kessan.cache.stale_served");
        await fleet[0].Cache.SetAsync("k", 1, options, cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(14));
        var never = new TaskCompletionSource<int>();

        var calls = Enumerable.Range(0, 3).Select(_ => fleet[0].Cache.GetOrCreateLookupAsync("k", async (_, _) => await never.Task, options).AsTask()).ToArray();
        await fleet.UntilAsync(() => calls.All(call => call.IsCompleted));
        never.SetResult(2);

        Assert.All(calls, call => Assert.True(call.Result.IsStale));
        Assert.Equal(["join", "join", "slow"], served.GetMeasurementSnapshot().Select(m => (string)m.Tags["reason"]!).Order());
    }

    [Fact]
    public async Task Requests_OfABatchWhoseSourceFails_CountAsErrors()
    {
        await using var fleet = new SimulatedFleet(1);
        using var requests = Collect<long>(fleet[0], "kessan.cache.requests");
        await fleet[0].Cache.SetAsync("c", 1, cancellationToken: Stop);

        await Assert.ThrowsAsync<IOException>(() => fleet[0].Cache.GetOrCreateManyAsync<int>(["a", "b", "c"], (_, _) => throw new IOException(), cancellationToken: Stop).AsTask());
        requests.RecordObservableInstruments();

        Assert.Equal(
            [("error", 2L), ("hit", 1L)],
            requests.GetMeasurementSnapshot().Select(m => ((string)m.Tags["outcome"]!, m.Value)).Order());
    }

    [Fact]
    public async Task Quota_WhatIsCharged_IsCountedByWindowAndOutcome()
    {
        await using var fleet = new SimulatedFleet(1, configure: services =>
        {
            services.AddSingleton<Kessan.Caching.Quotas.IQuotaStore>(provider => new Kessan.Caching.Quotas.InMemoryQuotaStore(provider.GetRequiredService<TimeProvider>()));
            services.Configure<Kessan.Caching.Quotas.QuotaOptions>(options => options.MinuteLimit = 10);
        });
        using var used = Collect<long>(fleet[0], "kessan.quota.used");
        var cache = fleet[0].Services.GetRequiredService<CacheService>();

        await cache.TrackQuotaAsync("user123", Kessan.Caching.Quotas.QuotaWindow.Minute, cost: 7, cancellationToken: Stop);
        await cache.TrackQuotaAsync("user123", Kessan.Caching.Quotas.QuotaWindow.Minute, cost: 7, cancellationToken: Stop);

        Assert.Equal(
            [("minute", "charged", 7L), ("minute", "refused", 7L)],
            used.GetMeasurementSnapshot().Select(m => ((string)m.Tags["window"]!, (string)m.Tags["outcome"]!, m.Value)));
    }

    [Fact]
    public async Task SecondCacheOfAProcess_HasAMeterThatIsToldApart()
    {
        var services = new ServiceCollection();
        services.AddKessanCaching();
        services.AddKeyedKessanCaching("second");
        await using var provider = services.BuildServiceProvider();
        var names = new List<string?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Name == "kessan.cache.entries" && instrument.Meter.Scope == provider.GetRequiredService<IMeterFactory>())
                    names.Add((string?)instrument.Meter.Tags?.SingleOrDefault(tag => tag.Key == "kessan.cache.name").Value);
            },
        };
        listener.Start();

        _ = provider.GetRequiredService<KessanHybridCache>();
        _ = provider.GetRequiredKeyedService<KessanHybridCache>("second");

        Assert.Equal([null, "second"], names);
    }

    [Fact]
    public async Task Backplane_LagAndGaps_AreMeasured()
    {
        await using var fleet = new SimulatedFleet(2);
        using var lag = Collect<double>(fleet[1], "kessan.cache.invalidation.lag");
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.NotEmpty(lag.GetMeasurementSnapshot());
        Assert.Equal(0, Read<long>(fleet[1], "kessan.cache.backplane.gaps"));

        fleet[1].Store.Fate = static message => message.Kind == StoreMessageKind.Heartbeat ? MessageFate.Deliver : MessageFate.Lose;
        await fleet[0].Cache.SetAsync("k", 1, cancellationToken: Stop);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(1, Read<long>(fleet[1], "kessan.cache.backplane.gaps"));
    }

    [Fact]
    public async Task AFill_IsASpanInTheCallersTrace_EvenIfTheCallerMayLeave()
    {
        using var own = new ActivitySource($"test {Guid.NewGuid()}");
        List<Activity> ended = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kessan.Caching" || source == own,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended) ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var fleet = new SimulatedFleet(1);
        using var leaving = new CancellationTokenSource();
        using var request = own.StartActivity("request")!;
        ActivityTraceId? inSource = null;

        await fleet[0].Cache.GetOrCreateAsync(Key, _ =>
        {
            inSource = Activity.Current?.TraceId;
            return ValueTask.FromResult(1);
        }, cancellationToken: leaving.Token);

        var fill = Assert.Single(ended, activity => activity.OperationName == "kessan.cache.fill" && activity.TraceId == request.TraceId);
        Assert.Equal(request.SpanId, fill.ParentSpanId);
        Assert.Equal(request.TraceId, inSource);
        Assert.Equal("stock_price", fill.GetTagItem("kessan.cache.data_type"));
        Assert.DoesNotContain(fill.TagObjects, tag => tag.Value?.ToString()?.Contains("7203", StringComparison.Ordinal) == true);
    }

    private static MetricCollector<T> Collect<T>(SimulatedNode node, string name)
        where T : struct
        => new(node.Services.GetRequiredService<IMeterFactory>(), "Kessan.Caching", name);

    private static long Read<T>(SimulatedNode node, string name)
        where T : struct
    {
        using var collector = Collect<T>(node, name);
        collector.RecordObservableInstruments();
        return Convert.ToInt64(collector.LastMeasurement?.Value ?? default, System.Globalization.CultureInfo.InvariantCulture);
    }
}
