using System.Net;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Tests.Entries;
using Kessan.Caching.Storage;
using Kessan.Testing;
using Kessan.Testing.Simulation;

namespace Kessan.CacheHost.Tests.Requests;

/// <summary>What bodies hold in memory is counted until the answer is through.</summary>
public sealed class BodyBudgetTests
{
    /// <summary>A small budget, and what is not larger than it allows.</summary>
    public static Dictionary<string, string?> TwoMebibytes => new()
    {
        ["Kessan:Service:Limits:BodyBytesAtOnce"] = "2097152",
        ["Kessan:Service:Limits:BatchBytes"] = "524288",
        ["Kessan:Service:Limits:ValueBytes"] = "524288",
    };

    [Fact]
    public async Task Batch_LargestThatTheLimitsAllow_IsTaken()
    {
        await using var node = await ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Service:Limits:BodyBytesAtOnce"] = "3000000",
            ["Kessan:Service:Limits:BatchBytes"] = "1000000",
        });
        const string Frame = """{"entries":{"k":{"value":""}}}""";

        var taken = await node.Client.PostTextAsync(
            "v1/entries/batch-set", Frame.Replace("\"\"", $"\"{new string('x', 1_000_000 - Frame.Length)}\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(1, (await taken.JsonAsync()).GetProperty("stored").GetInt32());
        await Eventually.HoldsAsync(() => node.Get<BodyBudget>().Held == 0);
    }

    [Fact]
    public async Task Put_WaitingForTheStore_IsStillCounted()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Cache:L2SoftTimeout"] = "00:00:30" });
        var budget = node.Get<BodyBudget>();
        var gate = new TaskCompletionSource();
        node.Store!.Gate = gate.Task;

        var put = node.Client.PutAsync("v1/entries/k", new ByteArrayContent(new byte[100_000]), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => budget.Held == 100_000 && IsAsked(node.Store));
        gate.SetResult();

        Assert.Equal(HttpStatusCode.NoContent, (await put).StatusCode);
        await Eventually.HoldsAsync(() => budget.Held == 0);

        static bool IsAsked(SimulatedStore store) => store.OperationsOn("*") + store.OperationsOn("k") > 0; // every tag's generation comes first
    }

    [Fact]
    public async Task Get_Decompressed_CountsWhatComesOut()
    {
        await using var node = await ServiceNode.StartAsync(settings: TwoMebibytes);
        var budget = node.Get<BodyBudget>();
        await CompressedTests.PutAsync(node, CompressedTests.Compressed(new byte[500_000]));
        await Eventually.HoldsAsync(() => budget.Held == 0);
        budget.Take(1_600_000);

        var shed = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k");
        budget.Return(1_600_000);
        var read = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k");

        await shed.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        await Eventually.HoldsAsync(() => budget.Held == 0);
    }

    [Fact]
    public async Task BatchGet_MoreThanAnAnswerMayHave_StopsReadingEarly()
    {
        await using var node = await ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Service:Limits:BatchBytes"] = "100000",
            ["Kessan:Cache:L1MaximumEntries"] = "16",
        });
        var keys = Enumerable.Range(0, 1000).Select(i => $"k{i}").ToArray();
        foreach (var chunk in keys.Chunk(50))
        {
            await Task.WhenAll(chunk.Select(key => node.Client.PutTextAsync($"v1/entries/{key}", new string('x', 1000))));
        }

        var before = node.Store!.Operations;
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/entries/batch-get") { Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(new { keys })) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("Cache-Control", "no-cache");
        var answer = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.InRange(node.Store.Operations - before, 1, 3); // of the eight steps one was read, with its tags
        await Eventually.HoldsAsync(() => node.Get<BodyBudget>().Held == 0);
    }

    [Fact]
    public async Task BatchGet_Frames_CountTheAnswerBesideTheEntries()
    {
        await using var node = await ServiceNode.StartAsync(settings: TwoMebibytes);
        for (var i = 0; i < 4; i++) await node.Client.PutTextAsync($"v1/entries/k{i}", new string('x', 120_000));
        var budget = node.Get<BodyBudget>();
        budget.Take(1_300_000);

        var json = await GetAsync("application/json"); // goes out piece by piece
        var frames = await GetAsync($"{StoredEntryFormat.MediaType}, application/problem+json");
        budget.Return(1_300_000);

        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        await frames.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        await Eventually.HoldsAsync(() => budget.Held == 0);

        Task<HttpResponseMessage> GetAsync(string accept)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "v1/entries/batch-get") { Content = new StringContent("""{"keys":["k0","k1","k2","k3"]}""") };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task BatchGet_CompressedEntries_CountsWhatComesOut()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:BatchBytes"] = "100000" });
        await CompressedTests.PutAsync(node, CompressedTests.Compressed(new byte[60_000]), "a");
        await CompressedTests.PutAsync(node, CompressedTests.Compressed(new byte[60_000]), "b");

        var plain = await node.Client.PostTextAsync("v1/entries/batch-get", """{"keys":["a","b"]}""");

        var problem = await plain.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Equal("BatchBytes", problem.GetProperty("limit_name").GetString());
    }
}
