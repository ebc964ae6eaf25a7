using System.Net;

namespace Kessan.CacheHost.Tests.Leases;

public sealed class LeaseTests
{
    private const string Lease = "Kessan-Lease";

    [Fact]
    public async Task Post_Free_IsGrantedOnceAndAgainToItsHolder()
    {
        await using var node = await ServiceNode.StartAsync();

        var first = await AskAsync(node, "n1", "?duration=30000");
        var other = await AskAsync(node, "n2", "?duration=30000");
        var again = await AskAsync(node, "n1", "?duration=30000");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.InRange((await first.JsonAsync()).GetProperty("expires_in").GetDouble(), 20, 30);
        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
        Assert.InRange((await other.JsonAsync()).GetProperty("expires_in").GetDouble(), 10, 30);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task Post_ValueThere_GivesIt()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/k", "v");

        var value = await AskAsync(node, "n1");
        var refresh = await AskAsync(node, "n1", "?refresh=true");

        Assert.Equal(HttpStatusCode.OK, value.StatusCode);
        Assert.Equal("v", await value.TextAsync());
        Assert.Equal(HttpStatusCode.Created, refresh.StatusCode);
    }

    [Fact]
    public async Task Post_ValueWhoseTagWasInvalidated_IsGranted()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/k?tag=t", "v");
        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/t");

        Assert.Equal(HttpStatusCode.Created, (await AskAsync(node, "n1")).StatusCode);
    }

    [Fact]
    public async Task Post_Waiting_IsWokenByTheValue()
    {
        await using var node = await ServiceNode.StartAsync();
        await AskAsync(node, "n1", "?duration=30000");
        var waiting = AskAsync(node, "n2", "?wait=20000");
        await Testing.Eventually.HoldsAsync(() => node.Store!.OperationsOn("k") >= 2);

        var fill = await FillAsync(node, "n1", "made");
        var woken = await waiting;

        Assert.Equal(HttpStatusCode.NoContent, fill.StatusCode);
        Assert.Equal(HttpStatusCode.OK, woken.StatusCode);
        Assert.Equal("made", await woken.TextAsync());
    }

    [Fact]
    public async Task Post_Waiting_IsWokenByTheRelease()
    {
        await using var node = await ServiceNode.StartAsync();
        await AskAsync(node, "n1", "?duration=30000");
        var waiting = AskAsync(node, "n2", "?wait=20000");
        await Testing.Eventually.HoldsAsync(() => node.Store!.OperationsOn("k") >= 2);

        var released = await node.Client.SendAsync(HttpMethod.Delete, "v1/leases/k", (Lease, "n1"));

        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await waiting).StatusCode);
    }

    [Fact]
    public async Task Post_WaitOver_IsStillHeld()
    {
        await using var node = await ServiceNode.StartAsync();
        await AskAsync(node, "n1", "?duration=30000");

        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(node, "n2", "?wait=50")).StatusCode);
    }

    [Fact]
    public async Task Put_Lease_RenewsUntilItIsVoided()
    {
        await using var node = await ServiceNode.StartAsync();
        await AskAsync(node, "n1", "?duration=20000");

        var renewed = await node.Client.SendAsync(HttpMethod.Put, "v1/leases/k?duration=20000", (Lease, "n1"));
        var stranger = await node.Client.SendAsync(HttpMethod.Put, "v1/leases/k", (Lease, "n2"));
        await node.Client.SendAsync(HttpMethod.Delete, "v1/entries/k");
        var voided = await node.Client.SendAsync(HttpMethod.Put, "v1/leases/k", (Lease, "n1"));

        Assert.Equal(HttpStatusCode.NoContent, renewed.StatusCode);
        await stranger.IsProblemAsync(HttpStatusCode.Conflict, "lease-lost");
        await voided.IsProblemAsync(HttpStatusCode.Conflict, "lease-lost");
    }

    [Fact]
    public async Task PutEntry_LeaseVoided_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();
        await AskAsync(node, "n1");
        await node.Client.PutTextAsync("v1/entries/k", "newer");

        var fill = await FillAsync(node, "n1", "older");

        await fill.IsProblemAsync(HttpStatusCode.Conflict, "lease-lost");
        Assert.NotNull(fill.Header("Kessan-Version"));
        Assert.Equal("newer", await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).TextAsync());
    }

    [Fact]
    public async Task Batch_Leases_EachHasItsOutcome()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/there", "v");
        await AskAsync(node, "n1", "?duration=30000");

        var response = await node.Client.PostTextAsync("v1/leases/batch", """
            {"leases":[{"key":"k","nonce":"n2"},{"key":"there","nonce":"n2"},{"key":"free","nonce":"n2","duration":5000}]}
            """);

        var leases = (await response.JsonAsync()).GetProperty("leases");
        Assert.Equal(["held", "value", "granted"], leases.EnumerateArray().Select(lease => lease.GetProperty("outcome").GetString()));
        Assert.InRange(leases[2].GetProperty("expires_in").GetDouble(), 4, 5);
    }

    [Fact]
    public async Task Batch_ValueWhoseTagWasInvalidated_IsGranted()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/k?tag=t", "old");
        await node.Client.PutTextAsync("v1/entries/valid?tag=other", "v");
        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/t");

        var response = await node.Client.PostTextAsync("v1/leases/batch", """{"leases":[{"key":"k","nonce":"n","duration":30000},{"key":"valid","nonce":"n"}]}""");

        var leases = (await response.JsonAsync()).GetProperty("leases");
        Assert.Equal(["granted", "value"], leases.EnumerateArray().Select(lease => lease.GetProperty("outcome").GetString()));
        var fill = new HttpRequestMessage(HttpMethod.Put, "v1/entries/k?tag=t") { Content = new StringContent("new") };
        fill.Headers.Add(Lease, "n");
        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.SendAsync(fill, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("new", await (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).TextAsync());
    }

    [Fact]
    public async Task Lease_KeyNamedBatch_IsReachedByItsCode()
    {
        await using var node = await ServiceNode.StartAsync();

        var lease = await RawRequest.SendAsync(node.Address, "POST /v1/leases/%62atch?duration=30000 HTTP/1.1", $"{Lease}: n1");

        Assert.StartsWith("HTTP/1.1 201", lease, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await node.Client.SendAsync(HttpMethod.Put, "v1/leases/batch", (Lease, "n1"))).StatusCode);
    }

    [Theory]
    [InlineData("", null, "invalid-request")]
    [InlineData("?wait=-1", "n", "limit-exceeded")]
    [InlineData("?wait=30001", "n", "limit-exceeded")]
    [InlineData("?wait=NaN", "n", "limit-exceeded")]
    [InlineData("?duration=0", "n", "limit-exceeded")]
    [InlineData("?duration=60001", "n", "limit-exceeded")]
    [InlineData("?duration=x", "n", "invalid-request")]
    public async Task Post_BadRequest_IsRefused(string query, string? nonce, string slug)
    {
        await using var node = await ServiceNode.StartAsync();

        var response = nonce is null
            ? await node.Client.SendAsync(HttpMethod.Post, "v1/leases/k")
            : await AskAsync(node, nonce, query);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, slug);
    }

    [Fact]
    public async Task Everything_StoreAway_SaysSo()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        await (await AskAsync(node, "n")).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        await (await node.Client.SendAsync(HttpMethod.Put, "v1/leases/k", (Lease, "n"))).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        await (await node.Client.SendAsync(HttpMethod.Delete, "v1/leases/k", (Lease, "n"))).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    private static Task<HttpResponseMessage> AskAsync(ServiceNode node, string nonce, string query = "")
        => node.Client.SendAsync(HttpMethod.Post, $"v1/leases/k{query}", (Lease, nonce));

    private static Task<HttpResponseMessage> FillAsync(ServiceNode node, string nonce, string text)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "v1/entries/k") { Content = new StringContent(text) };
        request.Headers.Add(Lease, nonce);
        return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
