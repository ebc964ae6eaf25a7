using System.Diagnostics;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>A server that dies, comes back, forgets its scripts, or stands still.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private RedisServerProcess _server = null!;
    private RedisStore _store = null!;
    private RedisStore _other = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync();
        _store = await RedisNodes.OpenPatientAsync(_server.Address);
        _other = await RedisNodes.OpenPatientAsync(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is null) return;
        await _store.DisposeAsync();
        await _other.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Killed_AllOperations_FailAtOnce()
    {
        await _server.KillAsync();
        await Eventually.HoldsAsync(() => !_store.Connection.IsConnected);
        Func<Task>[] operations =
        [
            () => _store.GetAsync("k", StoreReadOptions.Default, Token).AsTask(),
            () => _store.GetManyAsync(["a", "b"], StoreReadOptions.Default, Token).AsTask(),
            () => _store.SetAsync(Write("k"), Token).AsTask(),
            () => _store.SetManyAsync([Write("a"), Write("b")], Token).AsTask(),
            () => _store.RemoveAsync("k", Token).AsTask(),
            () => _store.RemoveManyAsync(["a", "b"], Token).AsTask(),
            () => _store.RemoveTagsAsync(["t"], Token).AsTask(),
            () => _store.GetTagGenerationsAsync(["t"], Token).AsTask(),
            () => _store.AcquireLeaseAsync(new LeaseRequest("k", "n", TimeSpan.FromSeconds(1)), Token).AsTask(),
            () => _store.RenewLeaseAsync("k", "n", TimeSpan.FromSeconds(1), Token).AsTask(),
            () => _store.ReleaseLeaseAsync("k", "n", Token).AsTask(),
            () => _store.TouchAsync("k", TimeSpan.FromSeconds(1), Token).AsTask(),
            () => _store.ScanAsync("k*", null, 10, Token).AsTask(),
            () => _store.RemoveByPatternAsync("k*", Token).AsTask(),
        ];

        await using var stalls = new StallWatch();
        foreach (var operation in operations)
        {
            var before = stalls.Total;
            var watch = Stopwatch.StartNew();
            await Assert.ThrowsAsync<CacheStoreException>(operation);
            var (elapsed, stalled) = (watch.Elapsed, stalls.Total - before);
            Assert.True(elapsed - stalled < TimeSpan.FromSeconds(1), $"It took {elapsed}, {stalled} of it stalled.");
        }
    }

    [Fact]
    public async Task KilledAndRestarted_EverythingWorksAgainAndIsReported()
    {
        var (own, others) = (new RecordingSubscriber(), new RecordingSubscriber());
        await using var first = _store.Subscribe(own);
        await using var second = _other.Subscribe(others);
        await Eventually.HoldsAsync(() => own.Alive > 0 && others.Alive > 0);
        await _store.SetAsync(Write("before"), Token);

        await _server.KillAsync();
        await Eventually.HoldsAsync(() => own.Lost > 0 && others.Lost > 0);
        var (alive, othersAlive) = (own.Alive, others.Alive);
        await _server.StartAsync();
        await using var stalls = new StallWatch();
        var back = Stopwatch.StartNew();
        await Eventually.HoldsAsync(SetsAsync);
        var writable = back.Elapsed - stalls.Total;
        await Eventually.HoldsAsync(() => own.Alive > alive);
        var trusted = back.Elapsed - stalls.Total;

        await Eventually.HoldsAsync(() => (own.ServerChanged, others.ServerChanged) == (1, 1));
        Assert.True(writable < TimeSpan.FromSeconds(4), $"Writable after {writable}.");
        Assert.True(trusted < TimeSpan.FromSeconds(5), $"Trusted after {trusted}.");
        await Eventually.HoldsAsync(() => others.Alive > othersAlive);
        await _store.SetAsync(Write("heard"), Token);
        await others.NextAsync(StoreMessageKind.Set, "heard");
        Assert.Null((await _store.GetAsync("before", StoreReadOptions.Default, Token)).Entry);

        async Task<bool> SetsAsync()
        {
            try
            {
                return (await _store.SetAsync(Write("after"), Token)).Stored;
            }
            catch (CacheStoreException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task KilledUnderLoad_SequencesAreCompleteAfterwards()
    {
        var heard = new RecordingSubscriber();
        await using var subscription = _other.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        using var stop = new CancellationTokenSource();
        var failures = 0;
        var load = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await _store.SetAsync(Write($"load:{worker}:{i % 10}"), CancellationToken.None);
                }
                catch (CacheStoreException)
                {
                    Interlocked.Increment(ref failures);
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                }
            }
        })).ToArray();

        await Eventually.HoldsAsync(() => heard.Messages.Count > 200);
        await _server.KillAsync();
        await Eventually.HoldsAsync(() => Volatile.Read(ref failures) > 50 && heard.Lost > 0);
        await _server.StartAsync();
        var restarted = heard.Messages.Count;
        await Eventually.HoldsAsync(() => heard.Messages.Count > restarted + 200);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        // What was sent after the other node listens again has no holes: failed numbers come as voids.
        await _store.SetAsync(Write("last"), Token);
        await heard.NextAsync(StoreMessageKind.Set, "last");
        await Eventually.HoldsAsync(() =>
        {
            var messages = heard.Messages.Skip(restarted).Where(message => message.Sender == _store.NodeId).ToArray();
            var first = (int)messages.First(message => message.Kind == StoreMessageKind.Set).Sequence;
            var numbers = messages.Where(message => message.Kind != StoreMessageKind.Heartbeat).Select(message => message.Sequence).ToHashSet();
            return Enumerable.Range(first, (int)numbers.Max() - first).All(number => numbers.Contains(number));
        });
    }

    [Fact]
    public async Task ScriptsFlushed_AllOperations_LoadThemAgain()
    {
        var heard = new RecordingSubscriber();
        await using var subscription = _other.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);

        for (var i = 0; i < 3; i++)
        {
            await _store.SetManyAsync([.. Enumerable.Range(0, 50).Select(n => Write($"k{n}"))], Token);
            _server.Ask("SCRIPT", "FLUSH");
            Assert.True((await _store.SetAsync(Write("k"), Token)).Stored);
            _server.Ask("SCRIPT", "FLUSH");
            Assert.True((await _store.RemoveAsync("k", Token)).Existed);
            _server.Ask("SCRIPT", "FLUSH");
            Assert.Equal(LeaseOutcome.Granted, (await _store.AcquireLeaseAsync(new LeaseRequest("k", "n", TimeSpan.FromSeconds(9)), Token)).Outcome);
            _server.Ask("SCRIPT", "FLUSH");
            Assert.True(await _store.RenewLeaseAsync("k", "n", TimeSpan.FromSeconds(9), Token));
            _server.Ask("SCRIPT", "FLUSH");
            await _store.ReleaseLeaseAsync("k", "n", Token);
            _server.Ask("SCRIPT", "FLUSH");
            Assert.True(await _store.TouchAsync("k1", TimeSpan.FromMinutes(1), Token));
            _server.Ask("SCRIPT", "FLUSH");
            await _store.RemoveTagsAsync(["stock:1"], Token);
            _server.Ask("SCRIPT", "FLUSH");
            Assert.NotNull((await _store.GetAsync("k1", new StoreReadOptions { Slide = TimeSpan.FromMinutes(2) }, Token)).Entry);
        }

        var last = (await _store.SetAsync(Write("last"), Token)).Version;
        Assert.Equal(last, (await heard.NextAsync(StoreMessageKind.Set, "last")).Version);
        await Eventually.HoldsAsync(() =>
        {
            var numbers = heard.Messages.Where(message => message.Sender == _store.NodeId && message.Kind != StoreMessageKind.Heartbeat)
                .Select(message => message.Sequence).ToHashSet();
            return Enumerable.Range(1, (int)numbers.Max()).All(number => numbers.Contains(number));
        });
    }

    [Fact]
    public async Task SubscriptionCut_IsReportedAndHealsByItself()
    {
        var heard = new RecordingSubscriber();
        await using var subscription = _other.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);

        _server.Ask("CLIENT", "KILL", "TYPE", "pubsub");
        await Eventually.HoldsAsync(() => heard.Lost > 0);
        var alive = heard.Alive;
        await Eventually.HoldsAsync(() => heard.Alive > alive);

        await _store.SetAsync(Write("again"), Token);
        await heard.NextAsync(StoreMessageKind.Set, "again");
    }

    [Fact]
    public async Task Paused_OperationsEndInTimeAndItGoesOn()
    {
        var heard = new RecordingSubscriber();
        await using var subscription = _other.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        await using var store = await RedisNodes.OpenAsync(_server.Address);

        _server.Pause();
        try
        {
            await using var stalls = new StallWatch();
            var watch = Stopwatch.StartNew();
            await Assert.ThrowsAsync<CacheStoreException>(() => store.GetAsync("k", StoreReadOptions.Default, Token).AsTask());
            await Assert.ThrowsAsync<CacheStoreException>(() => store.SetAsync(Write("k"), Token).AsTask());
            var (elapsed, stalled) = (watch.Elapsed, stalls.Total);
            Assert.True(elapsed - stalled < TimeSpan.FromSeconds(5), $"It took {elapsed}, {stalled} of it stalled.");
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<Exception>(() => store.GetAsync("k", StoreReadOptions.Default, impatient.Token).AsTask());
        }
        finally
        {
            _server.Resume();
        }

        var alive = heard.Alive;
        await Eventually.HoldsAsync(() => heard.Alive > alive);
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (await store.SetAsync(Write("after"), Token)).Stored;
            }
            catch (CacheStoreException)
            {
                return false;
            }
        });
        await _store.SetAsync(Write("heard"), Token);
        await heard.NextAsync(StoreMessageKind.Set, "heard");
    }

    [Fact]
    public async Task Cancelled_WaitEnds_WithTheCallersToken()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        _server.Pause(); // else the answer may be there before anybody waits
        try
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => _store.GetAsync("k", StoreReadOptions.Default, cancelled.Token).AsTask());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.SetAsync(Write("k"), cancelled.Token).AsTask());
        }
        finally
        {
            _server.Resume();
        }
    }

    [Fact]
    public async Task NeverThere_StoreStartsAndConnectsLater()
    {
        await _server.KillAsync();
        await using var store = RedisNodes.Create(_server.Address);
        var heard = new RecordingSubscriber();
        await using var subscription = store.Subscribe(heard);

        await store.Connection.ConnectAsync();
        await Assert.ThrowsAsync<CacheStoreException>(() => store.GetAsync("k", StoreReadOptions.Default, Token).AsTask());
        await _server.StartAsync();

        await Eventually.HoldsAsync(() => store.Connection.IsConnected);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        Assert.Equal(0, heard.ServerChanged);
    }

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });
}
