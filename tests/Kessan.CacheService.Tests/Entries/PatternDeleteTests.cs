using System.Net;
using Kessan.CacheHost.Entries;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Tests.Client;
using Kessan.Caching;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Entries;

/// <summary>A removal by pattern neither hangs nor forgets what it has done.</summary>
public sealed class PatternDeleteTests
{
    private const string Pattern = "v1/entries?pattern=news_data:*";

    [Fact]
    public async Task Delete_MoreThanItsTimeAllows_SaysHowManyAndWhereToGoOn()
    {
        await using var node = await StartAsync(25, Stepping);

        var first = await (await node.Client.SendAsync(HttpMethod.Delete, Pattern)).JsonAsync();
        var cursor = first.GetProperty("cursor").GetString()!;
        var second = await (await node.Client.SendAsync(HttpMethod.Delete, $"{Pattern}&cursor={Uri.EscapeDataString(cursor)}")).JsonAsync();

        Assert.Equal(20, first.GetProperty("deleted").GetInt32()); // two pages, and then the time was over
        Assert.Equal(5, second.GetProperty("deleted").GetInt32());
        Assert.False(second.TryGetProperty("cursor", out _));
    }

    [Fact]
    public async Task Delete_HeldUpBeforeItsFirstPage_DoesThatPageAllTheSame()
    {
        await using var node = await StartAsync(25, static builder => Step(builder, TimeSpan.FromMinutes(1)));

        var answer = await (await node.Client.SendAsync(HttpMethod.Delete, Pattern)).JsonAsync();

        Assert.Equal(10, answer.GetProperty("deleted").GetInt32());
        Assert.NotNull(answer.GetProperty("cursor").GetString());
    }

    [Fact]
    public async Task Delete_ByAConsumer_GoesOnUntilAllAreGone()
    {
        await using var node = await StartAsync(45, Stepping);
        await using var one = ServiceStores.Open(node.Address);

        Assert.Equal(45, await one.Store().RemoveByPatternAsync("news_data:*", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Delete_RedisLeavesHalfWay_SaysWhatWasDone()
    {
        await using var node = await StartAsync(100);
        var heard = 0;
        node.Store!.Delivered = _ =>
        {
            if (Interlocked.Increment(ref heard) == 30) node.Store.IsAway = true;
        };

        var answer = await node.Client.SendAsync(HttpMethod.Delete, Pattern);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var half = await answer.JsonAsync();
        Assert.InRange(half.GetProperty("deleted").GetInt32(), 10, 90);
        Assert.NotNull(half.GetProperty("cursor").GetString());
        await (await node.Client.SendAsync(HttpMethod.Delete, Pattern)).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    [Fact]
    public async Task Delete_RedisDoesNotAnswer_IsToldInTime()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:PatternTime"] = "00:00:00.100" });
        var gate = new TaskCompletionSource();
        node.Store!.Gate = gate.Task;

        var answer = await node.Client.SendAsync(HttpMethod.Delete, Pattern);
        gate.SetResult();

        await answer.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task Delete_CursorOfNobody_IsRefused(string cursor)
    {
        await using var node = await ServiceNode.StartAsync();

        await (await node.Client.SendAsync(HttpMethod.Delete, $"{Pattern}&cursor={cursor}")).IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private static async Task<ServiceNode> StartAsync(int entries, Action<WebApplicationBuilder>? configure = null)
    {
        var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:ScanPage"] = "10" }, configure: configure);
        for (var i = 0; i < entries; i++) await node.Client.PutTextAsync($"v1/entries/news_data:{i}:all", "x");
        return node;
    }

    private static void Stepping(WebApplicationBuilder builder) => Step(builder, TimeSpan.FromSeconds(4));

    private static void Step(WebApplicationBuilder builder, TimeSpan step) => builder.Services.AddSingleton(provider => new PatternRemover(
        provider.GetRequiredService<CacheEntries>(),
        provider.GetRequiredService<StoreCalls>(),
        provider.GetRequiredService<RequestRules>(),
        new SteppingTime(step)));

    /// <summary>So much passes each time that somebody looks.</summary>
    private sealed class SteppingTime(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;
    }
}
