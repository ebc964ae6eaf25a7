using System.Net;

namespace Kessan.CacheHost.Tests.Requests;

/// <summary>A condition that a row cannot decide is refused, never passed over (RFC 9110 section 13.1).</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData("DELETE", "v1/entries/k")]
    [InlineData("DELETE", "v1/entries?pattern=k*")]
    [InlineData("PATCH", "v1/entries/k?ttl=60")]
    [InlineData("DELETE", "v1/sessions/u")]
    [InlineData("DELETE", "v1/stocks/1")]
    [InlineData("DELETE", "v1/tags/t")]
    [InlineData("POST", "v1/leases/k")]
    [InlineData("POST", "v1/entries/batch-delete")]
    public async Task Condition_OfARowWithoutAny_IsRefusedAndNothingDone(string method, string address)
    {
        await using var node = await ServiceNode.StartAsync();
        var tag = (await node.Client.PutTextAsync("v1/entries/k?tag=t&tag=stock:1", "x")).Header("ETag")!;
        await node.Client.PutTextAsync("v1/sessions/u", "x");
        var before = (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).Header("ETag");

        foreach (var condition in (string[])["If-Match", "If-None-Match"])
        {
            foreach (var value in (string[])[tag, "\"1\"", "*"])
            {
                var answer = await node.Client.SendAsync(new HttpMethod(method), address, (condition, value), ("Kessan-Lease", "n"));

                await answer.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
            }
        }

        Assert.Equal(before, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k", ("Cache-Control", "no-cache"))).Header("ETag"));
        Assert.Equal(HttpStatusCode.OK, (await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/u")).StatusCode);
    }

    [Theory]
    [InlineData("v1/memory")]
    [InlineData("v1/quotas/u/daily")]
    public async Task Condition_OfAReadWithoutEntityTag_ChangesNothing(string address)
    {
        await using var node = await ServiceNode.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await node.Client.SendAsync(HttpMethod.Get, address, ("If-None-Match", "\"1\""))).StatusCode);
    }
}
