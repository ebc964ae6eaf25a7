using System.Net;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.CacheHost.Tests.Entries;

/// <summary>An entry past its life is better than none while Redis cannot be asked (<c>stale-if-error</c>), and never otherwise.</summary>
public sealed class StaleTests
{
    private const string Price = "v1/entries/stock_price:1:latest"; // 300 s, and stale for an hour more

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Get_PastItsLifeAndRedisAway_IsStaleAndSaysSo()
    {
        await using var node = await StartAsync();
        _time.Advance(TimeSpan.FromSeconds(400));
        node.Store!.IsAway = true;

        var read = await node.Client.SendAsync(HttpMethod.Get, Price);

        Assert.Equal((HttpStatusCode.OK, "x"), (read.StatusCode, await read.TextAsync()));
        Assert.Equal("kessan; hit; ttl=-100; detail=stale", read.Header("Cache-Status"));
        Assert.Equal("400", read.Header("Age"));
        Assert.Contains("stale-if-error=3600", read.Header("Cache-Control"), StringComparison.Ordinal);
        var batch = await (await node.Client.PostTextAsync("v1/entries/batch-get", """{"keys":["stock_price:1:latest"]}""")).JsonAsync();
        var entry = batch.GetProperty("entries").GetProperty("stock_price:1:latest");
        Assert.True(entry.GetProperty("stale").GetBoolean());
        Assert.InRange(entry.GetProperty("ttl").GetDouble(), -101, -99);
    }

    [Theory]
    [InlineData(400, false)] // Redis answers, and has none
    [InlineData(4000, true)] // past the window too
    public async Task Get_PastItsLifeOtherwise_IsMissing(int seconds, bool isAway)
    {
        await using var node = await StartAsync();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        node.Store!.IsAway = isAway;

        await (await node.Client.SendAsync(HttpMethod.Get, Price)).IsProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData(Price)]
    [InlineData("v1/tags/stock:1")]
    [InlineData("v1/stocks/1")]
    public async Task Get_RemovedWhileRedisIsAway_IsNotServedStale(string removal)
    {
        await using var node = await StartAsync();
        node.Store!.IsAway = true;
        await node.Client.SendAsync(HttpMethod.Delete, removal);
        _time.Advance(TimeSpan.FromSeconds(400));

        await (await node.Client.SendAsync(HttpMethod.Get, Price)).IsProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    private async Task<ServiceNode> StartAsync()
    {
        var node = await ServiceNode.StartAsync(new InMemoryCacheServer(_time), configure: builder => builder.Services.AddSingleton<TimeProvider>(_time));
        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.PutTextAsync(Price, "x")).StatusCode);
        return node;
    }
}
