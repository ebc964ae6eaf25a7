using System.Net;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.CacheHost.Tests;

/// <summary>What was answered 202 is not undone by the rows that ask the store itself, although it answers: it has not heard of it yet.</summary>
public sealed class PendingChangesTests
{
    private const string Entries = $"{StoredEntryFormat.MediaType}, application/problem+json";

    // Stands still: no heartbeat comes, and so no repair.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task LeaseBatch_KeyRemovedMeanwhile_IsGranted()
    {
        await using var node = await StartAsync();
        await ChangeInVainAsync(node, "v1/entries/k", "k");

        var json = await (await node.Client.PostTextAsync("v1/leases/batch", """{"leases":[{"key":"k","nonce":"n"}]}""")).JsonAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/leases/batch") { Content = new StringContent("""{"leases":[{"key":"k","nonce":"n"}]}""") };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("Accept", Entries);
        ReadOnlyMemory<byte> frames = await (await node.Client.SendAsync(request, TestContext.Current.CancellationToken)).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal("granted", json.GetProperty("leases")[0].GetProperty("outcome").GetString());
        Assert.True(StoredEntryFrames.TryRead(ref frames, out var frame));
        Assert.Equal((LeaseOutcome.Granted, null), ((LeaseOutcome)frame.Code, frame.Entry));
    }

    [Fact]
    public async Task LeaseBatch_TagInvalidatedMeanwhile_TheEntryIsNotGiven()
    {
        await using var node = await StartAsync();
        await ChangeInVainAsync(node, "v1/tags/t", "t");
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/leases/batch") { Content = new StringContent("""{"leases":[{"key":"k","nonce":"n"}]}""") };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("Accept", Entries);

        var answer = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);
        ReadOnlyMemory<byte> frames = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.True(StoredEntryFrames.TryRead(ref frames, out var frame));
        Assert.Equal((LeaseOutcome.Granted, null), ((LeaseOutcome)frame.Code, frame.Entry));
    }

    [Theory]
    [InlineData("GET", "v1/entries/k?slide=60", null)]
    [InlineData("GET", "v1/entries/k?slide=60", Entries)]
    [InlineData("PATCH", "v1/entries/k?ttl=60", null)]
    public async Task Entry_RemovedMeanwhile_IsNotReadFromTheStore(string method, string address, string? accept)
    {
        await using var node = await StartAsync();
        await ChangeInVainAsync(node, "v1/entries/k", "k");

        var answer = await node.Client.SendAsync(new HttpMethod(method), address, ("Accept", accept ?? "*/*"));

        await answer.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Entries)]
    public async Task Session_EndedMeanwhile_IsNotLookedAtInTheStore(string? accept)
    {
        await using var node = await StartAsync();
        await ChangeInVainAsync(node, "v1/sessions/u", "user_session:u");

        var answer = await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u?renew=false", ("Accept", accept ?? "*/*"));

        await answer.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    [Fact]
    public async Task Generations_TagInvalidatedMeanwhile_AreNotToldAsTheyWere()
    {
        await using var node = await StartAsync();
        await ChangeInVainAsync(node, "v1/tags/t", "t");

        var pending = await node.Client.PostTextAsync("v1/tags/generations", """{"tags":["other","t"]}""");
        var other = await node.Client.PostTextAsync("v1/tags/generations", """{"tags":["other"]}""");

        await pending.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("v1/entries/k", "k", "If-Match", "text/plain")]
    [InlineData("v1/entries/k", "k", "If-None-Match", "text/plain")]
    [InlineData("v1/entries/k", "k", KessanHeaders.Lease, "text/plain")]
    [InlineData("v1/sessions/u", "user_session:u", "If-Match", "text/plain")]
    [InlineData("v1/sessions/u", "user_session:u", "If-Match", StoredEntryFormat.MediaType)]
    [InlineData("v1/sessions/u", "user_session:u", "If-None-Match", StoredEntryFormat.MediaType)]
    public async Task Condition_KeyRemovedMeanwhile_IsNotDecidedByWhatWasThere(string address, string key, string condition, string type)
    {
        await using var node = await StartAsync();
        var entries = node.Get<CacheEntries>();
        var before = (await entries.Store!.GetAsync(key, StoreReadOptions.Default, TestContext.Current.CancellationToken)).Entry!;
        var lease = new LeaseRequest(key, "n", TimeSpan.FromMinutes(1)) { UnwantedVersion = before.Version };
        await entries.Store.AcquireLeaseAsync(lease, TestContext.Current.CancellationToken);
        await ChangeInVainAsync(node, address, key);

        var value = condition switch { "If-Match" => $"\"{before.Version}\"", "If-None-Match" => "*", _ => "n" };
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(type == "text/plain" ? "y"u8.ToArray() : StoredEntryFormat.Encode(before)) };
        request.Content.Headers.ContentType = new(type);
        request.Headers.TryAddWithoutValidation(condition, value);
        var answer = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        Assert.True(entries.IsPending(key)); // it is removed when the store hears of it
    }

    private async Task<ServiceNode> StartAsync()
    {
        var node = await ServiceNode.StartAsync(
            new InMemoryCacheServer(_time),
            settings: new() { ["Kessan:Cache:L2SoftTimeout"] = "00:00:00.050", ["Kessan:Cache:L2FailuresUntilOpen"] = "100" },
            configure: builder => builder.Services.AddSingleton<TimeProvider>(_time));
        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.PutTextAsync("v1/entries/k?tag=t", "x")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.PutTextAsync("v1/sessions/u", "x")).StatusCode);
        return node;
    }

    /// <summary>The store is slow once: the change is taken, and waits; whatever comes after it is answered.</summary>
    private async Task ChangeInVainAsync(ServiceNode node, string address, string subject)
    {
        var (store, before) = (node.Store!, node.Store!.OperationsOn(subject));
        store.Gate = new TaskCompletionSource().Task;
        var deleting = node.Client.SendAsync(HttpMethod.Delete, address);
        await Testing.Eventually.HoldsAsync(() => store.OperationsOn(subject) > before);
        await Testing.Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(60));
            return deleting.IsCompleted;
        });
        store.Gate = Task.CompletedTask;

        Assert.Equal(HttpStatusCode.Accepted, (await deleting).StatusCode);
        var entries = node.Get<CacheEntries>();
        Assert.Equal((1, true), (entries.PendingChanges, entries.StoreIsAvailable));
    }
}
