using System.Net;
using System.Text.Json;
using Kessan.Testing;

namespace Kessan.CacheHost.Tests.Requests;

public sealed class LimitTests
{
    [Fact]
    public async Task Key_Of512_IsTakenAndOf513Refused()
    {
        await using var node = await ServiceNode.StartAsync();

        var longest = await node.Client.PutTextAsync($"v1/entries/{new string('k', 512)}", "x");
        var longer = await node.Client.PutTextAsync($"v1/entries/{new string('k', 513)}", "x");
        var wide = await node.Client.PutTextAsync($"v1/entries/{Uri.EscapeDataString(new string('株', 512))}", "x");

        Assert.Equal(HttpStatusCode.NoContent, longest.StatusCode);
        await NamesAsync(longer, HttpStatusCode.BadRequest, "limit-exceeded", "KeyLength", 512);
        Assert.Equal(HttpStatusCode.NoContent, wide.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Value_OverTheLimit_IsRefusedWithAndWithoutALength(bool chunked)
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:ValueBytes"] = "2048" });

        var exact = await PutAsync(2048);
        var larger = await PutAsync(2049);

        Assert.Equal(HttpStatusCode.NoContent, exact.StatusCode);
        await NamesAsync(larger, HttpStatusCode.RequestEntityTooLarge, "body-too-large", "ValueBytes", 2048);

        Task<HttpResponseMessage> PutAsync(int length)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, "v1/entries/k") { Content = new ByteArrayContent(new byte[length]) };
            request.Headers.TransferEncodingChunked = chunked;
            return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Value_AllThatIsAllowed_ComesBack()
    {
        await using var node = await ServiceNode.StartAsync();
        var value = new byte[1 << 20];
        new Random(1).NextBytes(value);

        var put = await node.Client.PutAsync("v1/entries/k", new ByteArrayContent(value), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal(value, await node.Client.GetByteArrayAsync("v1/entries/k", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Batch_MoreKeysThanAllowed_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();
        var keys = JsonSerializer.Serialize(new { keys = Enumerable.Range(0, 1001).Select(i => $"k{i}") });
        var tags = JsonSerializer.Serialize(new { tags = Enumerable.Range(0, 1001).Select(i => $"t{i}") });
        var entries = JsonSerializer.Serialize(new { entries = Enumerable.Range(0, 1001).ToDictionary(i => $"k{i}", _ => new { value = 1 }) });
        var leases = JsonSerializer.Serialize(new { leases = Enumerable.Range(0, 1001).Select(i => new { key = $"k{i}", nonce = "n" }) });

        await NamesAsync(await node.Client.PostTextAsync("v1/entries/batch-get", keys), HttpStatusCode.BadRequest, "limit-exceeded", "BatchKeys", 1000);
        await NamesAsync(await node.Client.PostTextAsync("v1/entries/batch-delete", keys), HttpStatusCode.BadRequest, "limit-exceeded", "BatchKeys", 1000);
        await NamesAsync(await node.Client.PostTextAsync("v1/entries/batch-set", entries), HttpStatusCode.BadRequest, "limit-exceeded", "BatchKeys", 1000);
        await NamesAsync(await node.Client.PostTextAsync("v1/leases/batch", leases), HttpStatusCode.BadRequest, "limit-exceeded", "BatchKeys", 1000);
        await NamesAsync(await node.Client.PostTextAsync("v1/warm", keys), HttpStatusCode.BadRequest, "limit-exceeded", "BatchKeys", 1000);
        await NamesAsync(await node.Client.PostTextAsync("v1/tags/generations", tags), HttpStatusCode.BadRequest, "limit-exceeded", "BatchKeys", 1000);
        await NamesAsync(await node.Client.PostTextAsync("v1/tags/batch-delete", tags), HttpStatusCode.BadRequest, "limit-exceeded", "BatchKeys", 1000);
    }

    [Fact]
    public async Task Batch_LargerThanAllowed_IsRefusedBothWays()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:BatchBytes"] = "10000" });
        await node.Client.PutTextAsync("v1/entries/a", new string('x', 6000));
        await node.Client.PutTextAsync("v1/entries/b", new string('x', 6000));
        var large = JsonSerializer.Serialize(new { entries = new { c = new { value = new string('x', 10001) } } });

        var request = await node.Client.PostTextAsync("v1/entries/batch-set", large);
        var answer = await node.Client.PostTextAsync("v1/entries/batch-get", """{"keys":["a","b"]}""");

        await NamesAsync(request, HttpStatusCode.RequestEntityTooLarge, "body-too-large", "BatchBytes", 10000);
        await NamesAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body-too-large", "BatchBytes", 10000);
    }

    [Fact]
    public async Task Tags_MoreOrLongerThanAllowed_AreRefused()
    {
        await using var node = await ServiceNode.StartAsync();
        var sixteen = string.Join('&', Enumerable.Range(0, 16).Select(i => $"tag=t{i}"));

        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.PutTextAsync($"v1/entries/k?{sixteen}", "x")).StatusCode);
        await NamesAsync(await node.Client.PutTextAsync($"v1/entries/k?{sixteen}&tag=one-more", "x"), HttpStatusCode.BadRequest, "limit-exceeded", "Tags", 16);
        await NamesAsync(
            await node.Client.PutTextAsync($"v1/entries/k?tag={new string('t', 129)}", "x"), HttpStatusCode.BadRequest, "limit-exceeded", "TagLength", 128);
        await NamesAsync(
            await node.Client.SendAsync(HttpMethod.Delete, $"v1/tags/{new string('t', 129)}"), HttpStatusCode.BadRequest, "limit-exceeded", "TagLength", 128);
    }

    [Theory]
    [InlineData("0.999", "MinimumTtl", 1)]
    [InlineData("0", "MinimumTtl", 1)]
    [InlineData("-5", "MinimumTtl", 1)]
    [InlineData("NaN", "MinimumTtl", 1)]
    [InlineData("2592001", "MaximumTtl", 2592000)]
    [InlineData("1e300", "MaximumTtl", 2592000)]
    [InlineData("Infinity", "MaximumTtl", 2592000)]
    public async Task Ttl_OutOfRange_IsRefused(string ttl, string name, long limit)
    {
        await using var node = await ServiceNode.StartAsync();

        await NamesAsync(await node.Client.PutTextAsync($"v1/entries/k?ttl={ttl}", "x"), HttpStatusCode.BadRequest, "limit-exceeded", name, limit);
    }

    [Fact]
    public async Task Body_TooSlow_IsGivenUp()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:BodyTime"] = "00:00:00.200" });

        var answer = await RawRequest.SendUntilAsync(node.Address, "BodyTime", "PUT /v1/entries/k HTTP/1.1", "Content-Length: 100");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("urn:kessan:problem:body-timeout", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_MoreThanAreHeldAtATime_AreShed()
    {
        await using var node = await ServiceNode.StartAsync(settings: BodyBudgetTests.TwoMebibytes);
        var budget = node.Get<CacheHost.Requests.BodyBudget>();
        budget.Take(2_088_000);

        var shed = await node.Client.PutAsync("v1/entries/k", new ByteArrayContent(new byte[500_000]), TestContext.Current.CancellationToken);
        budget.Return(2_088_000);
        var taken = await node.Client.PutAsync("v1/entries/k", new ByteArrayContent(new byte[500_000]), TestContext.Current.CancellationToken);

        await NamesAsync(shed, HttpStatusCode.ServiceUnavailable, "overloaded", "BodyBytesAtOnce", 2097152);
        Assert.NotNull(shed.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        await Eventually.HoldsAsync(() => budget.Held == 0); // it is given back after the answer
    }

    [Fact]
    public async Task Limits_OutOfRange_StopTheStart()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:ValueBytes"] = "1" }));

        Assert.Contains("ValueBytes", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10_000_000, 1024, "30000000")]
    [InlineData(1024, 10_000_000, "20131072")]
    public async Task Limits_BudgetThatNeverTakesTheLargestBody_StopsTheStart(int batch, int value, string needed)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Service:Limits:BatchBytes"] = $"{batch}",
            ["Kessan:Service:Limits:ValueBytes"] = $"{value}",
            ["Kessan:Service:Limits:BodyBytesAtOnce"] = "20000000",
        }));

        Assert.Contains("BodyBytesAtOnce is 20000000", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"at least {needed}", failure.Message, StringComparison.Ordinal);
    }

    private static async Task NamesAsync(HttpResponseMessage response, HttpStatusCode status, string slug, string name, long limit)
    {
        var problem = await response.IsProblemAsync(status, slug);
        Assert.Equal(name, problem.GetProperty("limit_name").GetString());
        Assert.Equal(limit, problem.GetProperty("limit").GetInt64());
    }
}
