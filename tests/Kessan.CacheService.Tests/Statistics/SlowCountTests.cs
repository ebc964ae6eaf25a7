using System.Net;
using System.Text.Json;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.CacheHost.Tests.Statistics;

/// <summary>Statistics do not wait for a keyspace to be counted.</summary>
public sealed class SlowCountTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Statistics_CountTakesLong_GiveTheLastOneAndGoOnCounting()
    {
        await using var node = await ServiceNode.StartAsync(new InMemoryCacheServer(_time), configure: builder => builder.Services.AddSingleton<TimeProvider>(_time));
        await node.Client.PutTextAsync("v1/entries/stock_price:1:latest?ttl=1000", "x");
        var gate = Close();

        var none = await ReadLateAsync();
        gate.SetResult();
        var first = await ReadUntilAsync(1);
        var firstAt = first.GetProperty("as_of").GetDateTimeOffset();
        _time.Advance(TimeSpan.FromSeconds(61));
        await node.Client.PutTextAsync("v1/entries/stock_price:2:latest?ttl=1000", "x");
        gate = Close();
        var old = await ReadLateAsync();
        gate.SetResult();
        var next = await ReadUntilAsync(2);

        Assert.Equal(JsonValueKind.Null, none.GetProperty("key_counts").ValueKind);
        Assert.Equal((1, firstAt), (old.GetProperty("key_counts").GetProperty("stock_price").GetInt32(), old.GetProperty("as_of").GetDateTimeOffset()));
        Assert.True(next.GetProperty("as_of").GetDateTimeOffset() > firstAt);

        TaskCompletionSource Close()
        {
            var closed = new TaskCompletionSource();
            node.Store!.Gate = closed.Task;
            return closed;
        }

        async Task<JsonElement> ReadLateAsync()
        {
            var reading = node.Client.SendAsync(HttpMethod.Get, "v1/statistics");
            await Testing.Eventually.HoldsAsync(() =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return reading.IsCompleted;
            });
            return await (await reading).JsonAsync();
        }

        async Task<JsonElement> ReadUntilAsync(int count)
        {
            JsonElement body = default;
            await Testing.Eventually.HoldsAsync(async () =>
            {
                var answer = await node.Client.SendAsync(HttpMethod.Get, "v1/statistics");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                body = await answer.JsonAsync();
                return body.GetProperty("key_counts") is { ValueKind: JsonValueKind.Object } counts && counts.GetProperty("stock_price").GetInt32() == count;
            });
            return body;
        }
    }
}
