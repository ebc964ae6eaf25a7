using System.Net;
using System.Text.Json;
using Kessan.CacheHost.Requests;
using Kessan.Caching.Storage;
using Kessan.Testing;

namespace Kessan.CacheHost.Tests.Leases;

/// <summary>Asking for many leases loads the entries that are there: bounded as every other batch is.</summary>
public sealed class LeaseBatchTests
{
    private const string Frames = $"{StoredEntryFormat.MediaType}, application/problem+json";

    private static readonly Dictionary<string, string?> SmallAnswers = new()
    {
        ["Kessan:Service:Limits:BatchBytes"] = "100000",
        ["Kessan:Cache:L1MaximumEntries"] = "16",
    };

    [Fact]
    public async Task Batch_MoreThanAnAnswerMayHave_StopsAskingEarly()
    {
        await using var node = await ServiceNode.StartAsync(settings: SmallAnswers);
        var keys = await PutAsync(node, 1000);
        var before = node.Store!.Operations;

        var answer = await AskAsync(node, keys, Frames);

        var problem = await answer.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Equal("BatchBytes", problem.GetProperty("limit_name").GetString());
        Assert.InRange(node.Store.Operations - before, 1, 2); // of the eight steps one was asked for
        await Eventually.HoldsAsync(() => node.Get<BodyBudget>().Held == 0);
    }

    [Fact]
    public async Task Batch_OutcomesAlone_AreToldWhateverTheValuesWeigh()
    {
        await using var node = await ServiceNode.StartAsync(settings: SmallAnswers);
        var keys = await PutAsync(node, 300);

        var answer = await AskAsync(node, [.. keys, "none"], "application/json");

        var outcomes = (await answer.JsonAsync()).GetProperty("leases").EnumerateArray().Select(lease => lease.GetProperty("outcome").GetString()).ToArray();
        Assert.Equal([.. Enumerable.Repeat("value", 300), "granted"], outcomes);
        await Eventually.HoldsAsync(() => node.Get<BodyBudget>().Held == 0);
    }

    [Fact]
    public async Task Batch_ValuesBeyondTheBudget_IsOverload()
    {
        await using var node = await ServiceNode.StartAsync(settings: Requests.BodyBudgetTests.TwoMebibytes);
        var keys = await PutAsync(node, 100);
        var budget = node.Get<BodyBudget>();
        budget.Take(2_000_000);

        var frames = await AskAsync(node, keys, Frames);
        var json = await AskAsync(node, keys, "application/json");
        budget.Return(2_000_000);

        await frames.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        await json.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        await Eventually.HoldsAsync(() => budget.Held == 0);
    }

    [Fact]
    public async Task Consumer_MoreThanAnAnswerMayHave_AsksInParts()
    {
        await using var node = await ServiceNode.StartAsync(settings: SmallAnswers);
        var keys = await PutAsync(node, 300);
        await using var consumer = Client.ServiceStores.Open(node.Address);
        LeaseRequest[] requests = [.. keys.Append("none").Select(key => new LeaseRequest(key, $"n-{key}", TimeSpan.FromSeconds(30)))];

        var results = await Client.ServiceStores.Store(consumer).AcquireLeasesAsync(requests, TestContext.Current.CancellationToken);

        Assert.All(results[..300], result => Assert.Equal((LeaseOutcome.Value, 1000), (result.Outcome, result.Reading.Entry!.Payload.Length)));
        Assert.Equal(LeaseOutcome.Granted, results[300].Outcome);
    }

    private static async Task<string[]> PutAsync(ServiceNode node, int count)
    {
        var keys = Enumerable.Range(0, count).Select(i => $"k{i}").ToArray();
        foreach (var chunk in keys.Chunk(50))
        {
            await Task.WhenAll(chunk.Select(key => node.Client.PutTextAsync($"v1/entries/{key}", new string('x', 1000))));
        }

        return keys;
    }

    private static Task<HttpResponseMessage> AskAsync(ServiceNode node, string[] keys, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/leases/batch")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { leases = keys.Select(key => new { key, nonce = "n" }) })),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
