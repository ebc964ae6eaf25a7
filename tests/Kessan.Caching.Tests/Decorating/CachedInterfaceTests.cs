using Kessan.Caching.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Decorating;

public sealed class CachedInterfaceTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly IAnalyst _analyst;
    private readonly Analyst _inner;
    private readonly KessanHybridCache _cache;

    public CachedInterfaceTests()
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time);
        services.AddKessanCaching();
        services.AddCached<IAnalyst, Analyst>();
        services.AddCached<IAnalyst, Analyst>();
        _services = services.BuildServiceProvider();
        _analyst = _services.GetRequiredService<IAnalyst>();
        _inner = _services.GetRequiredService<Analyst>();
        _cache = _services.GetRequiredService<KessanHybridCache>();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task ACachedMethod_CalledTwice_RunsOnce()
    {
        var first = await _analyst.AnalyseAsync("7203", "short_term", Stop);
        var second = await _analyst.AnalyseAsync("7203", "short_term", Stop);
        var other = await _analyst.AnalyseAsync("7203", "long_term", Stop);

        Assert.Same(first, second);
        Assert.Equal(1, first.Call);
        Assert.Equal(2, other.Call);
    }

    [Fact]
    public async Task ACachedMethod_OfADataType_HasItsKeyTagAndLifetime()
    {
        await _analyst.AnalyseAsync("7203", "short_term", Stop);

        var entry = await _cache.TryGetAsync<Analysis>("ai_analysis:7203:short_term", Stop);

        Assert.True(entry.Found);
        Assert.Equal(["stock:7203"], entry.Tags);
        Assert.Equal(TimeSpan.FromHours(6), entry.TimeLeft);
    }

    [Fact]
    public async Task ACachedMethod_ThatAnswersWithALookUp_SaysWhereTheValueCameFrom()
    {
        var made = await _analyst.RateAsync("7203", Stop);
        _time.Advance(TimeSpan.FromHours(1));
        var hit = await _analyst.RateAsync("7203", Stop);

        Assert.Same(made.Value, hit.Value);
        Assert.Equal((CacheLayer.Source, TimeSpan.Zero, TimeSpan.FromHours(6)), (made.Layer, made.Age, made.TimeLeft));
        Assert.Equal((CacheLayer.L1, TimeSpan.FromHours(1), TimeSpan.FromHours(5)), (hit.Layer, hit.Age, hit.TimeLeft));
        Assert.Equal(["stock:7203"], hit.Tags);
        Assert.Same(made.Value, (await _cache.TryGetAsync<Analysis>("ai_analysis:7203:rating", Stop)).Value); // not the look-up, the value
    }

    [Theory]
    [InlineData(600, 600, 1)]
    [InlineData(100_000, 21_600, 1)]
    [InlineData(0, 0, 2)]
    [InlineData(-5, 0, 2)]
    public async Task ACachedMethod_WhoseValueHoldsForAWhile_IsKeptNoLonger(int holdsFor, int expected, int calls)
    {
        _inner.Rating = call => CacheLookup.Of<Analysis?>(new Analysis("7203", "rating", call), TimeSpan.FromSeconds(holdsFor));

        var made = await _analyst.RateAsync("7203", Stop);
        var second = await _analyst.RateAsync("7203", Stop);

        if (expected > 0) Assert.Equal(TimeSpan.FromSeconds(expected), made.TimeLeft);
        Assert.Equal(calls, second.Value!.Call);
    }

    [Fact]
    public async Task ACachedMethod_WhoseLookUpIsStaleOrMissing_IsNotCached()
    {
        _inner.Rating = call => call == 1
            ? new CacheLookup<Analysis?>(true, new Analysis("7203", "rating", call), CacheLayer.L1, TimeSpan.FromHours(7), TimeSpan.FromHours(-1), IsStale: true, 0)
            : default;

        var stale = await _analyst.RateAsync("7203", Stop);
        var missing = await _analyst.RateAsync("7203", Stop);
        await _analyst.RateAsync("7203", Stop);

        Assert.Equal(1, stale.Value!.Call);
        Assert.Null(missing.Value);
        Assert.Equal(3, _inner.Calls);
    }

    [Fact]
    public async Task ACachedMethod_OfNoDataType_HasItsOwnKeyTagsAndLifetime()
    {
        await _analyst.ReportAsync(2026);
        await _analyst.ReportAsync(2026, 1);

        var whole = await _cache.TryGetAsync<string>("report:2026:~", Stop);
        var month = await _cache.TryGetAsync<string>("report:2026:1", Stop);

        Assert.Equal(["report", "year:2026"], whole.Tags);
        Assert.Equal(TimeSpan.FromSeconds(60), whole.TimeLeft);
        Assert.NotEqual(whole.Value, month.Value);
    }

    [Fact]
    public async Task ACachedMethod_AfterItsLifetime_RunsAgain()
    {
        var first = await _analyst.ReportAsync(2026);
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.NotEqual(first, await _analyst.ReportAsync(2026));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnInvalidatingMethod_WhateverCameOfIt_RemovesKeysAndTags(bool fails)
    {
        await _analyst.AnalyseAsync("7203", "short_term", Stop);
        await _analyst.AnalyseAsync("6758", "short_term", Stop);
        await _analyst.ReportAsync(2026);

        if (fails) await Assert.ThrowsAsync<InvalidOperationException>(() => _analyst.PublishAsync("7203", 2026, fail: true));
        else Assert.Equal(7, await _analyst.PublishAsync("7203", 2026));

        Assert.False((await _cache.TryGetAsync<Analysis>("ai_analysis:7203:short_term", Stop)).Found);
        Assert.False((await _cache.TryGetAsync<string>("report:2026:~", Stop)).Found);
        Assert.True((await _cache.TryGetAsync<Analysis>("ai_analysis:6758:short_term", Stop)).Found);
    }

    [Fact]
    public async Task OtherMembers_AreTheImplementationsOwn()
    {
        await _analyst.AnalyseAsync("7203", "short_term", Stop);

        Assert.Equal(1, _analyst.Calls);
        Assert.Equal("about 7203", _analyst.Describe("7203"));
    }

    [Fact]
    public async Task ACallersToken_EndsItsWait_NotTheCall()
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        _inner.Before = _ =>
        {
            entered.SetResult();
            return gate.Task;
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var left = _analyst.AnalyseAsync("7203", "short_term", leaving.Token);
        var stayed = _analyst.AnalyseAsync("7203", "short_term", Stop);
        await entered.Task.WaitAsync(Stop);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult();

        Assert.Equal(1, (await stayed).Call);
        Assert.Equal(1, _inner.Calls);
    }

    [Fact]
    public async Task AScopedService_WhoseScopeEndsDuringACall_IsCalledInAScopeOfItsOwn()
    {
        var services = new ServiceCollection();
        services.AddKessanCaching();
        services.AddCached<IAnalyst, Analyst>(ServiceLifetime.Scoped);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var scope = provider.CreateAsyncScope();
        var called = scope.ServiceProvider.GetRequiredService<IAnalyst>().AnalyseAsync("7203", "short_term", Stop);
        await scope.DisposeAsync();

        Assert.Equal("7203", (await called).Ticker);
        await using var next = provider.CreateAsyncScope();
        Assert.Same(await called, await next.ServiceProvider.GetRequiredService<IAnalyst>().AnalyseAsync("7203", "short_term", Stop));
    }

    [Fact]
    public void AnInterface_WithoutGeneratedCode_IsRefusedWithTheReason()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddCached<IComparer<int>, NoAnalyst>());

        Assert.Contains("[CacheResult]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Kessan.Caching.Generators", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_WithAVersion_CarryIt()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [CacheDataType.AiAnalysis] = 2 }));
        services.AddKessanCaching();
        services.AddCached<IAnalyst, Analyst>();
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IAnalyst>().AnalyseAsync("7203", "short_term", Stop);

        Assert.True((await provider.GetRequiredService<KessanHybridCache>().TryGetAsync<Analysis>("ai_analysis:7203:short_term:v2", Stop)).Found);
    }

    private sealed class NoAnalyst : IComparer<int>
    {
        public int Compare(int x, int y) => 0;
    }
}
