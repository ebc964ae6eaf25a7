using Kessan.Caching.Tests.Engine;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.Caching.Tests.Conformance;

/// <summary>What a user of <see cref="HybridCache"/> relies on; run over Microsoft's and over ours.</summary>
public abstract class HybridCacheConformance
{
    private int _calls;

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A cache with an L2.</summary>
    protected abstract (HybridCache Cache, IAsyncDisposable Owner) Create(Action<IServiceCollection>? configure = null);

    /// <summary>Waits until the second layer has as many entries: a cache may write there behind its answer.</summary>
    protected virtual Task WrittenAsync(int count) => Task.CompletedTask;

    [Fact]
    public async Task GetOrCreate_SecondCall_DoesNotAskTheSource()
    {
        var (cache, owner) = Create();
        await using var _ = owner;

        Assert.Equal(1, await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
        Assert.Equal(1, await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
        Assert.Equal(1, await cache.GetOrCreateAsync("k", this, static (self, token) => self.Next(token), cancellationToken: Stop));
        Assert.Equal(1, await cache.GetOrCreateAsync("k".AsSpan(), Next, cancellationToken: Stop));
        var k = "k";
        Assert.Equal(1, await cache.GetOrCreateAsync($"{k}", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task SetAsync_ThenGet_GivesTheValue()
    {
        var (cache, owner) = Create();
        await using var _ = owner;

        await cache.SetAsync("k", 7, cancellationToken: Stop);

        Assert.Equal(7, await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task RemoveAsync_OneOrMany_TheSourceIsAskedAgain()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        foreach (var key in (string[])["a", "b", "c"]) await cache.SetAsync(key, 0, cancellationToken: Stop);

        await cache.RemoveAsync("a", Stop);
        await cache.RemoveAsync(["b", "missing"], Stop);

        Assert.Equal(1, await cache.GetOrCreateAsync("a", Next, cancellationToken: Stop));
        Assert.Equal(2, await cache.GetOrCreateAsync("b", Next, cancellationToken: Stop));
        Assert.Equal(0, await cache.GetOrCreateAsync("c", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task RemoveByTagAsync_RemovesWhatCarriesTheTag()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        await cache.SetAsync("a", 0, tags: ["x", "y"], cancellationToken: Stop);
        await cache.SetAsync("b", 0, tags: ["y"], cancellationToken: Stop);
        await cache.SetAsync("c", 0, cancellationToken: Stop);
        Time.Advance(TimeSpan.FromMilliseconds(10));

        await cache.RemoveByTagAsync("x", Stop);
        Time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(1, await cache.GetOrCreateAsync("a", Next, tags: ["x", "y"], cancellationToken: Stop));
        Assert.Equal(0, await cache.GetOrCreateAsync("b", Next, tags: ["y"], cancellationToken: Stop));

        await cache.RemoveByTagAsync(["y", "other"], Stop);
        Time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(2, await cache.GetOrCreateAsync("a", Next, cancellationToken: Stop));
        Assert.Equal(3, await cache.GetOrCreateAsync("b", Next, cancellationToken: Stop));
        Assert.Equal(0, await cache.GetOrCreateAsync("c", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task RemoveByTagAsync_Star_RemovesEverything()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        await cache.SetAsync("a", 0, tags: ["x"], cancellationToken: Stop);
        await cache.SetAsync("b", 0, cancellationToken: Stop);
        Time.Advance(TimeSpan.FromMilliseconds(10));

        await cache.RemoveByTagAsync("*", Stop);
        Time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, await cache.GetOrCreateAsync("a", Next, cancellationToken: Stop));
        Assert.Equal(2, await cache.GetOrCreateAsync("b", Next, cancellationToken: Stop));
    }

    [Theory]
    [InlineData(HybridCacheEntryFlags.DisableLocalCacheRead, 1)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCacheWrite, 1)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCache, 1)]
    [InlineData(HybridCacheEntryFlags.DisableDistributedCache, 1)]
    [InlineData(HybridCacheEntryFlags.DisableDistributedCacheWrite, 1)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCacheRead, 2)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCacheWrite, 2)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCache, 2)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead, 2)]
    [InlineData(HybridCacheEntryFlags.DisableCompression, 1)]
    public async Task Flags_SecondCall_AsksTheSourceOnlyIfNoLayerMayAnswer(HybridCacheEntryFlags flags, int expected)
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var options = new HybridCacheEntryOptions { Flags = flags };

        await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop);
        if ((flags & HybridCacheEntryFlags.DisableDistributedCacheWrite) == 0) await WrittenAsync(1);

        Assert.Equal(expected, await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop));
    }

    [Fact]
    public async Task DisableUnderlyingData_GivesTheDefault_AndLaterTheValue()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

        Assert.Null(await cache.GetOrCreateAsync<string>("k", _ => throw new InvalidOperationException(), options, cancellationToken: Stop));
        await cache.SetAsync("k", "v", cancellationToken: Stop);
        Assert.Equal("v", await cache.GetOrCreateAsync<string>("k", _ => throw new InvalidOperationException(), options, cancellationToken: Stop));
    }

    [Fact]
    public async Task Expiration_WhenItIsOver_TheSourceIsAskedAgain()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(60) };
        await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop);
        await WrittenAsync(1);

        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop));
    }

    [Fact]
    public async Task Expiration_ByDefault_IsFiveMinutes()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop);
        await WrittenAsync(1);

        Time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(1, await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task DefaultEntryOptions_AreUsed()
    {
        var (cache, owner) = Create(services => services.Configure<HybridCacheOptions>(options => options.DefaultEntryOptions = new()
        {
            Expiration = TimeSpan.FromSeconds(10),
        }));
        await using var _ = owner;
        await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop);
        await WrittenAsync(1);

        Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(2, await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task LocalCacheExpiration_WhenItIsOver_L2Answers()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(60), LocalCacheExpiration = TimeSpan.FromSeconds(10) };
        await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop);
        await WrittenAsync(1);

        Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(1, await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop));
        Time.Advance(TimeSpan.FromSeconds(41));
        Assert.Equal(2, await cache.GetOrCreateAsync("k", Next, options, cancellationToken: Stop));
    }

    [Fact]
    public async Task MutableValue_IsCopiedForEachCaller()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        await cache.SetAsync("k", new Basket { Items = [1] }, cancellationToken: Stop);

        var one = await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Basket()), cancellationToken: Stop);
        one.Items.Add(2);
        var other = await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Basket()), cancellationToken: Stop);

        Assert.NotSame(one, other);
        Assert.Equal([1], other.Items);
    }

    [Fact]
    public async Task ImmutableValue_IsHandedOutItself()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var first = await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Quote("7203", 1m)), cancellationToken: Stop);

        Assert.Same(first, await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Quote("7203", 2m)), cancellationToken: Stop));
    }

    [Fact]
    public async Task StringsAndBytes_ComeBackAsTheyWere()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var pastL1 = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheRead };
        await cache.SetAsync("s", "トヨタ \u0001", cancellationToken: Stop);
        await cache.SetAsync("b", new byte[] { 0, 255, 10 }, cancellationToken: Stop);

        Assert.Equal("トヨタ \u0001", await cache.GetOrCreateAsync("s", _ => ValueTask.FromResult(""), pastL1, cancellationToken: Stop));
        Assert.Equal([0, 255, 10], await cache.GetOrCreateAsync("b", _ => ValueTask.FromResult(Array.Empty<byte>()), pastL1, cancellationToken: Stop));
    }

    [Fact]
    public async Task Stampede_CallersShareOneCall()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var gate = new TaskCompletionSource();

        var callers = Enumerable.Range(0, 100).Select(_ => cache.GetOrCreateAsync("k", async token =>
        {
            await gate.Task;
            return await Next(token);
        }, cancellationToken: Stop).AsTask()).ToArray();
        gate.SetResult();

        Assert.All(await Task.WhenAll(callers), value => Assert.Equal(1, value));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Cancellation_OfOneCaller_DoesNotConcernTheOthers()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        using var leaving = new CancellationTokenSource();
        var gate = new TaskCompletionSource<int>();
        var one = cache.GetOrCreateAsync("k", async _ => await gate.Task, cancellationToken: leaving.Token).AsTask();
        var other = cache.GetOrCreateAsync("k", async _ => await gate.Task, cancellationToken: Stop).AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        gate.SetResult(3);

        Assert.Equal(3, await other);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cache.GetOrCreateAsync("k", Next, cancellationToken: leaving.Token));
    }

    [Fact]
    public async Task Failure_ReachesAllWhoWait_AndIsNotCached()
    {
        var (cache, owner) = Create();
        await using var _ = owner;
        var gate = new TaskCompletionSource<int>();
        var callers = Enumerable.Range(0, 3).Select(_ => cache.GetOrCreateAsync("k", async _ => await gate.Task, cancellationToken: Stop).AsTask()).ToArray();

        gate.SetException(new FormatException("no source"));

        foreach (var caller in callers) await Assert.ThrowsAsync<FormatException>(() => caller);
        Assert.Equal(1, await cache.GetOrCreateAsync("k", Next, cancellationToken: Stop));
    }

    [Fact]
    public async Task RegisteredSerializer_IsUsed()
    {
        var serializer = new BasketSerializer();
        var (cache, owner) = Create(services => services.AddSingleton<IHybridCacheSerializer<Basket>>(serializer));
        await using var _ = owner;

        await cache.SetAsync("k", new Basket { Items = [4, 5] }, cancellationToken: Stop);
        var read = await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Basket()), cancellationToken: Stop);

        Assert.Equal([4, 5], read.Items);
        Assert.True(serializer.Writes > 0 && serializer.Reads > 0);
    }

    [Fact]
    public async Task SerializerFactory_LastAddedIsAskedFirst()
    {
        List<string> asked = [];
        var (cache, owner) = Create(services => services
            .AddSingleton<IHybridCacheSerializerFactory>(new BasketSerializerFactory(takes: true, name: "first", asked))
            .AddSingleton<IHybridCacheSerializerFactory>(new BasketSerializerFactory(takes: true, name: "last", asked)));
        await using var _ = owner;

        await cache.SetAsync("k", new Basket { Items = [4] }, cancellationToken: Stop);

        Assert.Equal("last", asked[0]);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task EntryTag_WildcardOrBlank_Throws(string tag)
    {
        var (cache, owner) = Create();
        await using var _ = owner;

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await cache.GetOrCreateAsync("k", Next, tags: [tag], cancellationToken: Stop));
    }

    private ValueTask<int> Next(CancellationToken cancellationToken) => ValueTask.FromResult(Interlocked.Increment(ref _calls));
}
