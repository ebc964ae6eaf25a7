using System.Net;
using Kessan.Caching;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.CacheHost.Tests.Sessions;

public sealed class SessionTests
{
    [Fact]
    public async Task Session_Put_IsReadUntilItIsDeleted()
    {
        await using var node = await ServiceNode.StartAsync();

        var none = await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/user123");
        var put = await node.Client.PutTextAsync("v1/sessions/user123", "{\"theme\":\"dark\"}", "application/json");
        var got = await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/user123");
        var deleted = await node.Client.SendAsync(HttpMethod.Delete, "v1/sessions/user123");
        var again = await node.Client.SendAsync(HttpMethod.Delete, "v1/sessions/user123");

        await none.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal("{\"theme\":\"dark\"}", await got.TextAsync());
        Assert.Equal("application/json; charset=utf-8", got.Header("Content-Type"));
        Assert.Equal("no-store", got.Header("Cache-Control"));
        Assert.Equal(put.Header("ETag"), got.Header("ETag"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await again.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Session_Read_IsRenewedAndEndsAfterTwelveHours()
    {
        var time = new FakeTimeProvider();
        await using var node = await ServiceNode.StartAsync(
            new InMemoryCacheServer(time), configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await node.Client.PutTextAsync("v1/sessions/u", "x");

        var reads = 0;
        for (var minutes = 0; minutes < 12 * 60; minutes += 20)
        {
            Assert.Equal(HttpStatusCode.OK, (await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u")).StatusCode);
            time.Advance(TimeSpan.FromMinutes(20));
            reads++;
        }

        Assert.Equal(36, reads);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u")).StatusCode);
    }

    [Fact]
    public async Task Session_OnlyLookedAt_IsNotRenewed()
    {
        var time = new FakeTimeProvider();
        await using var node = await ServiceNode.StartAsync(
            new InMemoryCacheServer(time), configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await node.Client.PutTextAsync("v1/sessions/u", "x");

        time.Advance(TimeSpan.FromMinutes(20));
        await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u?renew=false");
        time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u")).StatusCode);
    }

    [Fact]
    public async Task Session_Conditions_AreDecidedInTheStore()
    {
        await using var node = await ServiceNode.StartAsync();

        var first = await PutAsync("1", "If-None-Match", "*");
        var second = await PutAsync("2", "If-None-Match", "*");
        var right = await PutAsync("3", "If-Match", first.Header("ETag")!);
        var wrong = await PutAsync("4", "If-Match", first.Header("ETag")!);

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        await second.IsProblemAsync(HttpStatusCode.PreconditionFailed, "condition-failed");
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        await wrong.IsProblemAsync(HttpStatusCode.PreconditionFailed, "condition-failed");

        Task<HttpResponseMessage> PutAsync(string text, string header, string value)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, "v1/sessions/u") { Content = new StringContent(text) };
            request.Headers.TryAddWithoutValidation(header, value);
            return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_StoreAwayOrNone_SaysSo(bool hasStore)
    {
        await using var node = await ServiceNode.StartAsync(hasStore: hasStore);
        if (node.Store is { } store) store.IsAway = true;

        await (await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u")).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        await (await node.Client.PutTextAsync("v1/sessions/u", "x")).IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        var deleted = await node.Client.SendAsync(HttpMethod.Delete, "v1/sessions/u");
        if (hasStore) Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode); // it ends there too, as soon as the store hears of it
        else await deleted.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
    }

    [Fact]
    public async Task Session_DeletedWhileTheStoreIsAway_IsGoneWhenItIsBack()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/sessions/u", "x");
        node.Store!.IsAway = true;
        Assert.Equal(HttpStatusCode.Accepted, (await node.Client.SendAsync(HttpMethod.Delete, "v1/sessions/u")).StatusCode);

        node.Store.IsAway = false;

        await Testing.Eventually.HoldsAsync(() => node.Get<CacheEntries>().PendingChanges == 0);
        await (await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u")).IsProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Session_LookedAtAfterEverythingWasInvalidated_IsGone()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/sessions/u", "x");
        var before = await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u?renew=false");

        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/*");
        var after = await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u?renew=false");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await after.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Session_WithItsEnvelope_EndsAsAllSessionsDo()
    {
        await using var node = await ServiceNode.StartAsync();

        var put = await PutEnvelopeAsync(node, ("If-None-Match", "*"));

        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        var status = (await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u?renew=false")).Header("Cache-Status");
        Assert.Matches("ttl=(1800|179[0-9]);", status);
    }

    [Fact]
    public async Task Session_WithItsEnvelopeAndNoCondition_IsRefusedAndNeverRepeated()
    {
        await using var node = await ServiceNode.StartAsync();
        node.Store!.IsAway = true;

        var unconditional = await PutEnvelopeAsync(node);
        var lease = await PutEnvelopeAsync(node, ("Kessan-Lease", "n"));
        var conditional = await PutEnvelopeAsync(node, ("If-None-Match", "*"));

        await unconditional.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await lease.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await conditional.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");
        Assert.Equal(0, node.Get<CacheService>().GetStatistics().PendingChanges);
    }

    private static Task<HttpResponseMessage> PutEnvelopeAsync(ServiceNode node, params (string Name, string Value)[] headers)
    {
        var entry = new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromDays(30), StaleWindow = TimeSpan.FromDays(30), Traits = StoredEntryTraits.Raw };
        var request = new HttpRequestMessage(HttpMethod.Put, "v1/sessions/u") { Content = new ByteArrayContent(StoredEntryFormat.Encode(entry)) };
        request.Content.Headers.ContentType = new(StoredEntryFormat.MediaType);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return node.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
