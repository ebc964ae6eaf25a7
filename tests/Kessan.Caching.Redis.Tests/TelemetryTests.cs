using System.Collections.Concurrent;
using System.Diagnostics;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Redis.Tests;

/// <summary>Spans of Redis commands.</summary>
public sealed class TelemetryTests(RedisServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_Listened_AreSpansByTheDatabaseConventions()
    {
        var server = await servers.SingleAsync();
        await using var store = await RedisNodes.OpenPatientAsync($"redis://{server.Address}/2");
        var spans = new ConcurrentQueue<Activity>();
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kessan.Caching",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == root.TraceId) spans.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);

        await store.SetAsync(Write("k"), Token);
        await store.GetAsync("k", StoreReadOptions.Default, Token);
        await store.GetManyAsync(["a", "b", "c"], StoreReadOptions.Default, Token);

        var (set, get, many) = (spans.ElementAt(0), spans.ElementAt(1), spans.ElementAt(2));
        Assert.Equal("EVALSHA", set.DisplayName);
        Assert.Equal("set", set.GetTagItem("db.stored_procedure.name"));
        Assert.Equal("GET", get.DisplayName);
        Assert.Equal("redis", get.GetTagItem("db.system.name"));
        Assert.Equal("2", get.GetTagItem("db.namespace"));
        Assert.Equal("127.0.0.1", get.GetTagItem("server.address"));
        Assert.Equal(server.Port, get.GetTagItem("server.port"));
        Assert.Equal(3, many.GetTagItem("db.operation.batch.size"));
        Assert.All(spans, span => Assert.Equal((ActivityKind.Client, root.SpanId), (span.Kind, span.ParentSpanId)));
        Assert.All(spans, span => Assert.DoesNotContain(span.TagObjects, tag => Equals(tag.Value, "k")));
    }

    [Fact]
    public async Task Command_Failing_IsAnErrorInItsSpan()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await Kessan.Testing.Redis.RedisServerProcess.StartAsync();
        await using var store = await RedisNodes.OpenAsync(server.Address);
        var failed = new ConcurrentQueue<Activity>();
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kessan.Caching",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == root.TraceId && activity.Status == ActivityStatusCode.Error) failed.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        server.Pause();
        try
        {
            await Assert.ThrowsAsync<CacheStoreException>(() => store.GetAsync("k", StoreReadOptions.Default, Token).AsTask());
        }
        finally
        {
            server.Resume();
        }

        Assert.NotNull(Assert.Single(failed).GetTagItem("error.type"));
    }

    private static StoreWrite Write(string key) => new(key, new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) });
}
